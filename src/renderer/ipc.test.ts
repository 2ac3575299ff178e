// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { AppError } from '../shared/appError';
import { installBridge } from './bridge.test-support';
import { call, stream, wireErrorOf } from './ipc';

test('a call returns the value main answered', async () => {
  installBridge({ 'chat.send': () => ({ conversationId: 3 }) });
  expect(await call('chat.send', { conversationId: null, text: '你好' })).toEqual({ conversationId: 3 });
});

test('an expected failure is thrown with its code and parameters', async () => {
  const error = new AppError('prompt.tooLong', { tokens: 9, limit: 8 });
  installBridge({
    'chat.send': () => {
      throw error;
    },
  });
  const failed = call('chat.send', { conversationId: null, text: 'long' });
  await expect(failed).rejects.toMatchObject({ code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } });
  await expect(failed).rejects.toBeInstanceOf(AppError);
});

test('a stream yields its events in order, even those that come between two reads', async () => {
  const { tell, end } = installBridge();
  const events = stream('model.watch', {}, new AbortController().signal);
  const first = events.next();
  tell('model.watch', { state: 'unloaded' });
  tell('model.watch', { state: 'loading' });
  end('model.watch', null);
  expect(await first).toEqual({ done: false, value: { state: 'unloaded' } });
  expect(await events.next()).toEqual({ done: false, value: { state: 'loading' } });
  expect((await events.next()).done).toBe(true);
});

test('an aborted stream ends at once and is closed in main', async () => {
  const { open } = installBridge();
  const abort = new AbortController();
  const next = stream('model.watch', {}, abort.signal).next();
  expect(open.size).toBe(1);
  abort.abort();
  expect(open.size).toBe(0);
  expect((await next).done).toBe(true);
});

test('leaving the loop closes the stream', async () => {
  const { open, begin } = installBridge();
  begin('model.watch', { state: 'unloaded' });
  for await (const event of stream('model.watch', {}, new AbortController().signal)) {
    expect(event).toEqual({ state: 'unloaded' });
    break;
  }
  expect(open.size).toBe(0);
});

test('a stream that ends with a failure throws it', async () => {
  const { end } = installBridge();
  const next = stream('conversations.watch', {}, new AbortController().signal).next();
  end('conversations.watch', { code: 'store.unreadable', params: { file: 'a.db' } });
  await expect(next).rejects.toMatchObject({ code: 'store.unreadable' });
});

test('a bug is reported whole and shown as internal', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const bug = new TypeError('x is not a function');
  expect(wireErrorOf(bug)).toEqual({ code: 'internal', params: { message: 'x is not a function' } });
  expect(report).toHaveBeenCalledWith(bug);
});
