import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Fault } from '../../../testing/hub/fault';
import type { Hub } from '../../../testing/hub/hub';
import { downloadFiles } from './downloadFiles';
import type { DownloadProgress } from './downloadOptions';
import {
  downloadAll,
  fastClock,
  hashesIn,
  hashesOf,
  hubWith,
  list,
  optionsFor,
  temporaryFolder,
  whole,
} from './hub.test-support';

const sentBy = ({ served }: Hub): number => served.reduce((sum, { sentBytes }) => sum + sentBytes, 0);

const drip: Fault = { kind: 'drip', bytes: 1, everyMs: 20 };
const breaks: Fault = { kind: 'drop', afterBytes: 4_000 };

/** Two sources of one file, the first of which does this to every answer. */
async function withBad(fault: Fault, sizeBytes: number) {
  const files = { 'model.safetensors': randomBytes(sizeBytes) };
  const [bad, good] = [await hubWith(files), await hubWith(files)];
  bad.hub.faults.add({ path: '*', fault });
  const sources = [bad.at, { ...good.at, source: 'hfMirror' as const }];
  const folder = await temporaryFolder();
  const isRight = async () => expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  return { bad, good, sources, folder, isRight };
}

test.each([
  ['drips', drip],
  ['breaks off after every few bytes', breaks],
  ['falls silent after every few bytes', { kind: 'stall', afterBytes: 4_000 } as const],
])('a source that %s is left for one that does not', async (_how, fault) => {
  const { bad, good, sources, folder, isRight } = await withBad(fault, 400_000);
  await downloadAll(folder, sources, { clock: fastClock(100) });
  await isRight();
  expect(sentBy(bad.hub)).toBeLessThan(100_000);
  expect(sentBy(good.hub)).toBeGreaterThan(300_000);
});

test('a new connection comes before another source', async () => {
  const { bad, good, sources, folder, isRight } = await withBad(drip, 100_000);
  bad.hub.faults.clear();
  bad.hub.faults.add({ path: '*', fault: drip, times: 1 });
  const told: DownloadProgress[] = [];
  const onProgress = (progress: DownloadProgress) => told.push(progress);
  await downloadAll(folder, sources, { clock: fastClock(100), onProgress });
  await isRight();
  expect(good.hub.served).toEqual([]);
  expect(told.map(({ trouble }) => trouble?.code)).toContain('download.slow');
});

test.each([
  ['drips', { kind: 'drip', bytes: 200, everyMs: 100 } as const, 4_000],
  ['breaks off after every few bytes', breaks, 120_000],
])('a source that %s goes on when there is no other', async (_how, fault, sizeBytes) => {
  const files = { 'model.safetensors': randomBytes(sizeBytes) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at], { clock: fastClock(100) });
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('it goes on, too, when the others are gone, and is asked anew less and less often', async () => {
  const { bad, good, sources, folder, isRight } = await withBad({ kind: 'drip', bytes: 200, everyMs: 100 }, 8_000);
  const files = whole(await list(bad.at), folder);
  await good.hub.close();
  await downloadFiles(optionsFor(folder, { files, sources, clock: fastClock(100) }));
  await isRight();
  // 8,000 bytes at 20 a second are 400 seconds: 30, 60, 120, and the rest.
  expect(bad.hub.served.length).toBeLessThanOrEqual(5);
});

test('two that are slow both are both used', async () => {
  const { bad, good, sources, folder, isRight } = await withBad({ kind: 'drip', bytes: 200, everyMs: 100 }, 8_000);
  good.hub.faults.add({ path: '*', fault: { kind: 'drip', bytes: 200, everyMs: 100 } });
  await downloadAll(folder, sources, { clock: fastClock(100) });
  await isRight();
  expect(Math.min(sentBy(bad.hub), sentBy(good.hub))).toBeGreaterThan(0);
});

test('our own limit makes no source slow', async () => {
  const files = { 'model.safetensors': randomBytes(600_000) };
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const told: DownloadProgress[] = [];
  const wanted = whole(await list(at), folder);
  const onProgress = (progress: DownloadProgress) => told.push(progress);
  const more = { clock: fastClock(20), chunkBytes: 200_000, onProgress };
  const options = optionsFor(folder, { files: wanted, sources: [at], ...more });
  options.limit.set(8_000); // three connections, with more than a minute for each chunk
  await downloadFiles(options);
  expect(hub.served).toHaveLength(3);
  expect(told.map(({ trouble }) => trouble)).toEqual(told.map(() => null));
});
