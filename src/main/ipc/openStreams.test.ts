import { expect, test, vi } from 'vitest';
import { OpenStreams } from './openStreams';

test('each window closes its own streams, one or all, once', () => {
  const streams = new OpenStreams();
  const closers = [vi.fn(), vi.fn(), vi.fn()] as const;
  streams.add(1, 1, closers[0]);
  streams.add(1, 2, closers[1]);
  streams.add(2, 1, closers[2]);
  streams.close(1, 1);
  streams.close(1, 1);
  streams.close(1, 99);
  expect(closers.map((close) => close.mock.calls.length)).toEqual([1, 0, 0]);
  streams.closeAll(1);
  streams.closeAll(1);
  expect(closers.map((close) => close.mock.calls.length)).toEqual([1, 1, 0]);
  streams.closeAll(2);
  expect(closers[2]).toHaveBeenCalledOnce();
});

test('a number used again closes the stream that had it', () => {
  const streams = new OpenStreams();
  const [first, second] = [vi.fn(), vi.fn()];
  streams.add(1, 1, first);
  streams.add(1, 1, second);
  expect(first).toHaveBeenCalledOnce();
  expect(second).not.toHaveBeenCalled();
});
