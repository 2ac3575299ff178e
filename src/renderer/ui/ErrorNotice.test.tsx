// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ErrorNotice } from './ErrorNotice';

test('the raw cause is for the report, never for the sentence', async () => {
  const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const params = { details: 'VK_ERROR_DEVICE_LOST at 0x7f' };
  render(<ErrorNotice error={{ code: 'session.failed', params }} />);
  expect(screen.getByRole('alert').textContent).toContain('The model could not be opened.');
  expect(screen.getByRole('alert').textContent).not.toContain('VK_ERROR');
  fireEvent.click(screen.getByRole('button', { name: 'Copy details' }));
  await screen.findByRole('button', { name: 'Copied' });
  expect(writeText.mock.calls[0]?.[0]).toContain('VK_ERROR_DEVICE_LOST');
});
