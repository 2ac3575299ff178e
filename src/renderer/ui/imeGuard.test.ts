import { expect, test } from 'vitest';
import { createImeGuard } from './imeGuard';

const plain = { isComposing: false, keyCode: 13 };
const composing = { isComposing: true, keyCode: 229 };

/** A guard whose next tick comes when the test says so. */
function guardWithTicks() {
  const waiting: (() => void)[] = [];
  const guard = createImeGuard((work) => void waiting.push(work));
  return { guard, tick: () => waiting.splice(0).forEach((work) => work()) };
}

test('Enter outside of any composition is ours', () => {
  expect(guardWithTicks().guard.owns(plain)).toBe(false);
});

test('Windows: keydown 229 while composing, then compositionend; the next Enter is ours', () => {
  const { guard, tick } = guardWithTicks();
  guard.start();
  expect(guard.owns(composing)).toBe(true);
  guard.end();
  tick();
  expect(guard.owns(plain)).toBe(false);
});

test('macOS: compositionend comes before the keydown of the same Enter', () => {
  const { guard, tick } = guardWithTicks();
  guard.start();
  guard.end();
  expect(guard.owns({ isComposing: false, keyCode: 229 })).toBe(true);
  tick();
  expect(guard.owns(plain)).toBe(false);
});

test('Linux: compositionend, then a keydown that looks like any Enter, within the same tick', () => {
  const { guard, tick } = guardWithTicks();
  guard.start();
  guard.end();
  expect(guard.owns(plain)).toBe(true);
  tick();
  expect(guard.owns(plain)).toBe(false);
});

test('a composition that begins before the tick of the last one keeps the guard up', () => {
  const { guard, tick } = guardWithTicks();
  guard.start();
  guard.end();
  guard.start();
  tick();
  expect(guard.owns(plain)).toBe(true);
  guard.end();
  tick();
  expect(guard.owns(plain)).toBe(false);
});

test('key code 229 alone belongs to the input method', () => {
  expect(guardWithTicks().guard.owns({ isComposing: false, keyCode: 229 })).toBe(true);
});
