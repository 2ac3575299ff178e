import { expect, test } from 'vitest';
import { BandwidthLimit } from './bandwidthLimit';
import type { Clock } from './clock';

/** A clock that jumps to the end of every wait. */
class JumpingClock implements Clock {
  #nowMs = 0;
  nowMs = (): number => this.#nowMs;
  wait(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#nowMs += ms;
    return Promise.resolve();
  }
}

const { signal } = new AbortController();

test('so many bytes a second, however they come', async () => {
  const clock = new JumpingClock();
  const limit = new BandwidthLimit(clock);
  limit.set(1_000);
  for (const bytes of [1, 999, 2_500, 500]) await limit.take(bytes, signal);
  expect(clock.nowMs()).toBeCloseTo(4_000); // 4,000 bytes
});

test('what was not taken is saved for one second, and no longer', async () => {
  const clock = new JumpingClock();
  const limit = new BandwidthLimit(clock);
  limit.set(1_000);
  await clock.wait(60_000);
  await limit.take(3_000, signal);
  expect(clock.nowMs()).toBeCloseTo(62_000);
});

test('without a limit nothing waits, and an abort ends a wait', async () => {
  const clock = new JumpingClock();
  const limit = new BandwidthLimit(clock);
  await limit.take(1e12, signal);
  expect(clock.nowMs()).toBe(0);
  limit.set(10_000);
  await expect(limit.take(1e6, AbortSignal.abort(new Error('paused')))).rejects.toThrow('paused');
});
