import { expect, test } from 'vitest';
import { SpeedMeter } from './speedMeter';

function meterAt() {
  const time = { nowMs: 0 };
  const meter = new SpeedMeter({ nowMs: () => time.nowMs, wait: () => Promise.resolve() });
  return { time, meter };
}

test('a speed means nothing in the first second', () => {
  const { time, meter } = meterAt();
  meter.add(1_000);
  time.nowMs = 999;
  expect(meter.bytesPerSecond()).toBeNull();
  time.nowMs = 1_000;
  expect(meter.bytesPerSecond()).toBe(1_000);
});

test('it is that of the last eight seconds, and falls to zero when nothing comes', () => {
  const { time, meter } = meterAt();
  for (let second = 1; second <= 20; second++) {
    time.nowMs = second * 1_000 - 1;
    meter.add(second <= 12 ? 1_000 : 3_000);
  }
  time.nowMs = 20_000;
  expect(meter.bytesPerSecond()).toBe(3_000);
  time.nowMs = 24_000;
  expect(meter.bytesPerSecond()).toBe(1_500);
  time.nowMs = 30_000;
  expect(meter.bytesPerSecond()).toBe(0);
});
