// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useTheme } from './useTheme';

const drawn = () => document.documentElement.dataset['theme'];

test('a chosen theme is drawn, whatever the system shows', () => {
  const { rerender } = renderHook(({ theme }: { theme: 'dark' | 'light' }) => useTheme(theme), {
    initialProps: { theme: 'dark' },
  });
  expect(drawn()).toBe('dark');
  rerender({ theme: 'light' });
  expect(drawn()).toBe('light');
});

test('without a choice the system’s is drawn', () => {
  renderHook(() => useTheme('system'));
  expect(drawn()).toBe(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
});
