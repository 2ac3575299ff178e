import { expect, test } from 'vitest';
import type { FileJob } from './fileJob';
import { JobQueue } from './jobQueue';

const job = (file: string): FileJob => ({
  ...{ file, encoding: { kind: 'plain' }, floatType: 'float32', tensors: [], spans: [], byteLength: 0 },
});
const [a, b] = [job('a'), job('b')];

test('gives jobs in order to whoever waits, and null to all when it is closed', async () => {
  const queue = new JobQueue();
  const [first, second, third] = [queue.next(), queue.next(), queue.next()];
  queue.add(a, b);
  expect([await first, await second]).toEqual([a, b]);
  queue.close();
  expect([await third, await queue.next()]).toEqual([null, null]);
});

test('a closed queue is emptied first', async () => {
  const queue = new JobQueue();
  queue.add(a);
  queue.close();
  expect([await queue.next(), await queue.next()]).toEqual([a, null]);
});

test('a job that nobody took is withdrawn at once', async () => {
  const queue = new JobQueue();
  queue.add(a, b);
  await queue.withdraw('a');
  expect(await queue.next()).toEqual(b);
});

test('a job that was taken is withdrawn when its taker is done, and does not count', async () => {
  const queue = new JobQueue();
  queue.add(a);
  await queue.next();
  expect(queue.isWanted(a)).toBe(true);
  let isWithdrawn = false;
  const withdrawn = queue.withdraw('a').then(() => (isWithdrawn = true));
  expect([queue.isWanted(a), isWithdrawn]).toEqual([false, false]);
  queue.end(a);
  await withdrawn;
  queue.add(a);
  expect(await queue.next()).toEqual(a);
  expect(queue.isWanted(a)).toBe(true);
});

test('nobody waits for a taker that was stopped', async () => {
  const queue = new JobQueue();
  queue.add(a);
  await queue.next();
  const withdrawn = queue.withdraw('a');
  queue.stop();
  await withdrawn;
  expect(await queue.next()).toBeNull();
});
