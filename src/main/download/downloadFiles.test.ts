import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { markOf } from '../../shared/processMark';
import { thisSystem } from '../app/thisSystem';
import { BandwidthLimit } from './bandwidthLimit';
import { downloadFiles } from './downloadFiles';
import type { DownloadProgress } from './downloadOptions';
import {
  content,
  downloadAll,
  fastClock,
  hashesIn,
  hashesOf,
  hubWith,
  list,
  modelScopeOf,
  optionsFor,
  sha256,
  temporaryFolder,
  timesSent,
  whole,
} from './hub.test-support';

/** Knows how many bytes have arrived. */
class ArrivalCounter extends BandwidthLimit {
  onArrival: (bytes: number) => unknown = () => undefined;
  #bytes = 0;

  override take(bytes: number): Promise<void> {
    this.onArrival((this.#bytes += bytes));
    return Promise.resolve();
  }
}

test('every file arrives with the hash of its bytes, and none of them twice', async () => {
  const files = content();
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const records = await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(Object.fromEntries(records.map((record) => [record.path, record.sha256]))).toEqual(hashesOf(files));
  for (const [file, bytes] of Object.entries(files))
    expect(
      timesSent(hub, file, bytes.length).every((times) => times === 1),
      file,
    ).toBe(true);
});

test('records hold every chunk with its own hash', async () => {
  const files = { 'model.safetensors': randomBytes(200_000) };
  const { at } = await hubWith(files);
  const [record] = await downloadAll(await temporaryFolder(), [at]);
  expect(record!.chunks.map(({ start }) => start)).toEqual([0, 65_536, 131_072, 196_608]); // 64 KiB each
  for (const { start, sizeBytes, sha256: hash } of record!.chunks)
    expect(hash).toBe(sha256(files['model.safetensors'].subarray(start, start + sizeBytes)));
});

test('a file without bytes is made, and replaces what lay there', async () => {
  const { at } = await hubWith({ 'empty.json': Buffer.alloc(0), 'model.safetensors': Buffer.from('x') });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await readFile(path.join(folder, 'checkpoint/empty.json'))).toHaveLength(0);
});

test('a longer file that nobody journalled leaves nothing behind', async () => {
  const files = { 'model.safetensors': randomBytes(1_000) };
  const { at } = await hubWith(files);
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  await writeFile(path.join(folder, 'checkpoint/model.safetensors'), randomBytes(5_000));
  await writeFile(path.join(folder, 'download.json'), '');
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('what is there is not fetched again, by nobody', async () => {
  const { hub, at } = await hubWith(content());
  const folder = await temporaryFolder();
  const first = await downloadAll(folder, [at]);
  hub.served.length = 0;
  expect(await downloadAll(folder, [at])).toEqual(first);
  expect(hub.served).toEqual([]);
});

test('a pause keeps all that arrived, even of a request, and rejects with its reason', async () => {
  const files = { 'model.safetensors': randomBytes(400_000) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'stall', afterBytes: 30_000 }, skip: 2 });
  const folder = await temporaryFolder();
  const pause = new AbortController();
  const reason = new Error('paused by the user');
  const wanted = whole(await list(at), folder);
  const clock = fastClock(1);
  const limit = new ArrivalCounter(clock);
  // Two requests go through, four others stop after 30,000 bytes each.
  limit.onArrival = (bytes) => bytes === 131_072 + 4 * 30_000 && pause.abort(reason);
  const options = { files: wanted, sources: [at], signal: pause.signal, limit, clock };
  await expect(downloadFiles(optionsFor(folder, options))).rejects.toBe(reason);
  hub.faults.clear();
  hub.served.length = 0;
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  const sent = hub.served.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  expect(sent).toBe(400_000 - 131_072 - 4 * 30_000);
});

test('two downloads to one journal refuse each other', async () => {
  const { hub, at } = await hubWith({ 'model.safetensors': randomBytes(100) });
  const folder = await temporaryFolder();
  hub.faults.add({ path: '*', fault: { kind: 'stall', afterBytes: null } });
  const files = whole(await list(at), folder);
  const pause = new AbortController();
  const options = { files, sources: [at], signal: pause.signal };
  let first: Promise<unknown> = Promise.resolve();
  await new Promise<void>((begun) => {
    first = downloadFiles(optionsFor(folder, { ...options, onProgress: () => begun() }));
  });
  await expect(downloadFiles(optionsFor(folder, options))).rejects.toMatchObject({ code: 'download.locked' });
  pause.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  expect(await readdir(folder)).not.toContain('download.json.lock');
});

test.each([
  ['died', markOf(process.pid, thisSystem).replace(/^[0-9]+/, '4194305')], // above Linux's largest process number
  ['died before it wrote its number', ''],
])('the lock of a process that %s does not count', async (_when, text) => {
  const { at } = await hubWith({ 'model.safetensors': randomBytes(100) });
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'download.json.lock'), text);
  await expect(downloadAll(folder, [at])).resolves.toHaveLength(1);
});

test('both protocols lead to the same bytes, and one goes on where the other stopped', async () => {
  const files = content();
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const wanted = whole(await list(modelScopeOf(hub)), folder);
  hub.faults.add({ path: 'model-2.safetensors', fault: { kind: 'status', status: 404 }, skip: 2 });
  const modelscope = optionsFor(folder, { files: wanted, sources: [modelScopeOf(hub)], parallel: 1 });
  await expect(downloadFiles(modelscope)).rejects.toMatchObject({ code: 'download.refused', params: { status: 404 } });
  hub.faults.clear();
  await downloadFiles(optionsFor(folder, { files: wanted, sources: [at, modelScopeOf(hub)] }));
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  for (const [file, bytes] of Object.entries(files))
    expect(
      timesSent(hub, file, bytes.length).every((times) => times === 1),
      file,
    ).toBe(true);
});

test('progress ends at all bytes and says which source answers', async () => {
  const { at } = await hubWith(content());
  const told: DownloadProgress[] = [];
  await downloadAll(await temporaryFolder(), [at], { onProgress: (progress) => told.push(progress) });
  const totalBytes = 21 + 10_000 + 300_000 + 200_123;
  expect(told.at(-1)).toMatchObject({ doneBytes: totalBytes, totalBytes, source: 'custom', trouble: null });
  const done = told.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual([...done].sort((one, other) => one - other));
});

test('the bandwidth limit holds, and can be lifted on the way', async () => {
  const { at } = await hubWith({ 'model.safetensors': randomBytes(600_000) });
  const folder = await temporaryFolder();
  const clock = fastClock(1);
  const files = whole(await list(at), folder);
  const options = optionsFor(folder, { files, sources: [at], clock });
  options.limit.set(400_000);
  const startMs = performance.now();
  await downloadFiles(options);
  // The bucket begins empty: 600,000 bytes at 400,000 a second.
  expect(performance.now() - startMs).toBeGreaterThan(1_300);
});

test('a lift of the limit wakes those who wait', async () => {
  const { at } = await hubWith({ 'model.safetensors': randomBytes(600_000) });
  const folder = await temporaryFolder();
  const options = optionsFor(folder, { files: whole(await list(at), folder), sources: [at], clock: fastClock(1) });
  options.limit.set(10_000); // a minute
  const onProgress = (): void => options.limit.set(null);
  await downloadFiles({ ...options, onProgress });
  expect(await readFile(path.join(folder, 'checkpoint/model.safetensors'))).toHaveLength(600_000);
});
