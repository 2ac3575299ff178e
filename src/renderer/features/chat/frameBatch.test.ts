import { expect, test } from 'vitest';
import { createFrameBatch, type FrameClock } from './frameBatch';

/** Time moves when the test says so; a frame comes every 16 ms unless the window is hidden. */
function fakeClock() {
  let nowMs = 0;
  let isHidden = false;
  let frames: (() => void)[] = [];
  let timers: { atMs: number; work: () => void }[] = [];
  const clock: FrameClock = {
    now: () => nowMs,
    onFrame: (work) => {
      frames.push(work);
      return () => (frames = frames.filter((other) => other !== work));
    },
    after: (delayMs, work) => {
      const timer = { atMs: nowMs + delayMs, work };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  };
  const step = (): void => {
    nowMs += 16;
    const due = timers.filter(({ atMs }) => atMs <= nowMs);
    timers = timers.filter((timer) => !due.includes(timer));
    due.forEach(({ work }) => work());
    const now = isHidden ? [] : frames;
    if (!isHidden) frames = [];
    now.forEach((work) => work());
  };
  return {
    clock,
    spend: (ms: number) => (nowMs += ms),
    hide: () => (isHidden = true),
    pass: (ms: number) => Array.from({ length: Math.ceil(ms / 16) }, step),
    pending: () => frames.length + timers.length,
  };
}

test('what arrives within a frame is applied together, in order', () => {
  const { clock, pass } = fakeClock();
  const applied: (readonly number[])[] = [];
  const batch = createFrameBatch<number>((items) => applied.push(items), clock);
  batch.push(1);
  batch.push(2);
  expect(applied).toEqual([]);
  pass(16);
  batch.push(3);
  pass(16);
  expect(applied).toEqual([[1, 2], [3]]);
});

test('slow work is followed by twice its time for the keyboard', () => {
  const { clock, pass, spend } = fakeClock();
  const startedMs: number[] = [];
  const batch = createFrameBatch<number>(() => {
    startedMs.push(clock.now());
    spend(100);
  }, clock);
  batch.push(1);
  pass(16);
  batch.push(2);
  pass(400);
  expect(startedMs[1]! - startedMs[0]!).toBeGreaterThanOrEqual(300);
});

test('a hidden window, which gets no frames, is still kept up to date', () => {
  const { clock, pass, hide } = fakeClock();
  hide();
  const applied: (readonly number[])[] = [];
  const batch = createFrameBatch<number>((items) => applied.push(items), clock);
  batch.push(1);
  pass(300);
  expect(applied).toEqual([[1]]);
});

test('cancelling forgets everything and leaves nothing waiting', () => {
  const { clock, pass, pending } = fakeClock();
  const applied: unknown[] = [];
  const batch = createFrameBatch<number>((items) => applied.push(items), clock);
  batch.push(1);
  batch.cancel();
  expect(pending()).toBe(0);
  pass(300);
  expect(applied).toEqual([]);
});
