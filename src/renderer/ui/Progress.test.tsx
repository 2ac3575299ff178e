// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Progress } from './Progress';

const bar = () => screen.getByRole('progressbar').firstElementChild as HTMLElement;

test('what becomes known starts a bar of its own, which then grows', () => {
  const { rerender } = render(<Progress label="Loading" fraction={null} />);
  const travelling = bar();
  rerender(<Progress label="Loading" fraction={0.12} />);
  const known = bar();
  expect(known).not.toBe(travelling);
  expect(known.style.width).toBe('12%');
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('12');
  rerender(<Progress label="Loading" fraction={0.5} />);
  expect(bar()).toBe(known);
});
