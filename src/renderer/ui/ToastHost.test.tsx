// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ToastHost } from './ToastHost';
import { useToast, useToastHome } from './toast';

afterEach(cleanup);

const run = vi.fn();
let takeBack: () => void;
function Asker() {
  const show = useToast();
  const ask = (text: string): void => void (takeBack = show({ text, action: { label: 'Undo', run } }));
  return (
    <>
      <button type="button" onClick={() => ask('Deleted')}>
        Ask
      </button>
      <button type="button" onClick={() => show({ text: 'Something newer' })}>
        Tell
      </button>
    </>
  );
}
const Dialog = () => <div data-testid="dialog" ref={useToastHome()} />;
const desk = (isOpen: boolean) => (
  <ToastHost>
    <Asker />
    {isOpen && <Dialog />}
  </ToastHost>
);

test('a toast says what happened, and its action runs once', () => {
  render(desk(false));
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }));
  expect(screen.getByRole('status').textContent).toContain('Deleted');
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByText('Deleted')).toBeNull();
});

test('what is no longer true is taken back, and nothing else', () => {
  render(desk(false));
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }));
  act(() => takeBack());
  expect(screen.queryByText('Deleted')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }));
  fireEvent.click(screen.getByRole('button', { name: 'Tell' }));
  act(() => takeBack());
  expect(screen.getByText('Something newer')).toBeTruthy();
});

test('while a dialog is open, toasts are inside it, and afterwards outside again', () => {
  const { rerender } = render(desk(false));
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }));
  rerender(desk(true));
  expect(screen.getByTestId('dialog').contains(screen.getByText('Deleted'))).toBe(true);
  rerender(desk(false));
  expect(screen.getByText('Deleted')).toBeTruthy();
});
