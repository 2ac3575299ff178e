// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useShownFrom } from './useShownFrom';

function idleTimes() {
  const waiting: (() => void)[] = [];
  vi.stubGlobal('requestIdleCallback', (work: () => void) => waiting.push(work));
  vi.stubGlobal('cancelIdleCallback', () => undefined);
  return { idle: () => act(() => waiting.splice(0).forEach((work) => work())) };
}

test('the newest messages come first, all of them in the end', () => {
  const { idle } = idleTimes();
  const { result } = renderHook(() => useShownFrom(40));
  const seen = [result.current];
  while (result.current > 0) {
    idle();
    seen.push(result.current);
  }
  expect(seen).toEqual([24, 18, 12, 6, 0]);
});

test('a conversation that grows in view never loses its first message', () => {
  idleTimes();
  const { result, rerender } = renderHook(({ total }) => useShownFrom(total), { initialProps: { total: 0 } });
  for (let total = 1; total < 40; total += 1) {
    rerender({ total });
    expect(result.current).toBe(0);
  }
});
