import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../testing/hub/fault';
import { AppError } from '../../shared/appError';
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
  temporaryFolder,
  timesSent,
  whole,
} from './hub.test-support';

const shard = 'model-1.safetensors';

/** Faults that pass: each happens some times to the first shard, and the download gets over it by itself. */
const passing: readonly (readonly [string, Fault, number])[] = [
  ['a connection that breaks after some bytes', { kind: 'drop', afterBytes: 20_000 }, 6],
  ['a connection that breaks at once', { kind: 'drop', afterBytes: null }, 3],
  ['silence in the middle', { kind: 'stall', afterBytes: 20_000 }, 2],
  ['no answer', { kind: 'stall', afterBytes: null }, 2],
  ['200 with the whole file in place of 206', { kind: 'whole' }, 2],
  ['a Content-Range of other bytes', { kind: 'wrongRange' }, 2],
  ['a Content-Range of another size', { kind: 'wrongSize' }, 2],
  ['a body that is too short', { kind: 'short', missingBytes: 1_000 }, 4],
  ['a body that is too long', { kind: 'long', extraBytes: 1_000 }, 3],
  ['redirects in circles', { kind: 'circle' }, 2],
  ['a drip', { kind: 'drip', bytes: 4_096, everyMs: 5 }, 4],
  ['an internal error', { kind: 'status', status: 500 }, 3],
  ['an overload', { kind: 'status', status: 503 }, 3],
  ['a rate limit in seconds', { kind: 'status', status: 429, retryAfter: '2' }, 3],
  ['a rate limit until a date', { kind: 'status', status: 429, retryAfter: new Date(0).toUTCString() }, 3],
  ['an overload until later', { kind: 'status', status: 503, retryAfter: '2' }, 3],
  ['a sign-in page', { kind: 'page' }, 2],
  ['a link that is no longer valid', { kind: 'status', status: 403 }, 2],
  ['a range beyond the end', { kind: 'status', status: 416 }, 2],
  ['a Content-Range that leaves the size open', { kind: 'openSize' }, 5],
  ['a Content-Length that is too long', { kind: 'wrongLength', extraBytes: 1_000 }, 3],
  ['a Content-Length that is too short', { kind: 'wrongLength', extraBytes: -1_000 }, 3],
  ['a stretch that comes compressed', { kind: 'gzip', isWhole: false }, 2],
  ['the whole file, compressed', { kind: 'gzip', isWhole: true }, 2],
  ['several ranges in one answer', { kind: 'multipart' }, 2],
  ['a redirect to no network', { kind: 'redirect', to: 'file:///etc/hostname' }, 2],
  ['a redirect to nowhere', { kind: 'redirect', to: 'http://[' }, 2],
  ['another ETag', { kind: 'etag', etag: '"another"' }, 2],
  ['a weak ETag', { kind: 'etag', etag: 'W/"weak"' }, 5],
];

test.each(passing)('%s costs nothing that was verified', async (_name, fault, times) => {
  const files = content();
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: shard, fault, times, skip: 1 });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  const others = Object.entries(files).filter(([file]) => file !== shard);
  for (const [file, bytes] of others)
    expect(timesSent(hub, file, bytes.length).every((count) => count === 1)).toBe(true);
});

test('a corrupt byte is found by the hash of the whole file, which is fetched again', async () => {
  const files = content();
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' }, times: 1 });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(timesSent(hub, shard, files[shard].length).every((times) => times === 2)).toBe(true);
});

test('a corrupt byte in a file that only Git names is found too', async () => {
  const files = content();
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: 'config.json', fault: { kind: 'corrupt' }, times: 1 });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, ['config.json'])).toEqual({ 'config.json': hashesOf(files)['config.json'] });
});

describe('a fault that stays ends with its code, and keeps the rest', () => {
  test.each<readonly [string, Fault, string]>([
    ['broken connections', { kind: 'drop', afterBytes: null }, 'download.offline'],
    ['silence', { kind: 'stall', afterBytes: null }, 'download.stalled'],
    ['whole files', { kind: 'whole' }, 'download.invalidAnswer'],
    ['wrong ranges', { kind: 'wrongRange' }, 'download.invalidAnswer'],
    ['circles', { kind: 'circle' }, 'download.invalidAnswer'],
    ['links that are not valid', { kind: 'status', status: 403 }, 'download.linkRefused'],
    ['ranges beyond the end', { kind: 'status', status: 416 }, 'download.changed'],
    ['several ranges in one answer', { kind: 'multipart' }, 'download.invalidAnswer'],
    ['compressed stretches', { kind: 'gzip', isWhole: false }, 'download.invalidAnswer'],
    ['lengths that lie', { kind: 'wrongLength', extraBytes: -1_000 }, 'download.invalidAnswer'],
    ['other sizes', { kind: 'wrongSize' }, 'download.changed'],
    ['sign-in pages', { kind: 'page' }, 'download.invalidAnswer'],
    ['not found', { kind: 'status', status: 404 }, 'download.refused'],
    ['internal errors', { kind: 'status', status: 500 }, 'download.refused'],
    ['a rate limit of an hour', { kind: 'status', status: 429, retryAfter: '3600' }, 'download.rateLimited'],
    ['corrupt bytes', { kind: 'corrupt' }, 'download.checksum'],
  ])('%s', async (_name, fault, code) => {
    const files = content();
    const { hub, at } = await hubWith(files);
    const folder = await temporaryFolder();
    hub.faults.add({ path: 'model-2.safetensors', fault });
    await expect(downloadAll(folder, [at], { clock: fastClock(100), parallel: 1 })).rejects.toMatchObject({ code });
    expect(await hashesIn(folder, [shard])).toEqual({ [shard]: hashesOf(files)[shard] });
    hub.faults.clear();
    hub.served.length = 0;
    await downloadAll(folder, [at]);
    expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
    expect(hub.served.filter(({ path: file }) => file !== 'model-2.safetensors')).toEqual([]);
  });
});

test('corrupt bytes are fetched three times, and no more', async () => {
  const files = { 'model.safetensors': randomBytes(1_000) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'corrupt' } });
  const folder = await temporaryFolder();
  const error = { code: 'download.checksum', params: { file: 'model.safetensors' } };
  await expect(downloadAll(folder, [at])).rejects.toMatchObject(error);
  expect(hub.served).toHaveLength(3);
});

const in40Seconds = () => new Date(Date.now() + 40_999).toUTCString(); // a date has no fractions of a second

test.each([
  ['429, in seconds', 429, () => '40'],
  ['429, until a date', 429, in40Seconds],
  ['503, in seconds', 503, () => '40'],
  ['503, until a date', 503, in40Seconds],
])('Retry-After is waited for: %s', async (_how, status, retryAfter) => {
  const { hub, at } = await hubWith({ 'model.safetensors': randomBytes(1_000) });
  hub.faults.add({ path: '*', fault: { kind: 'status', status, retryAfter: retryAfter() }, times: 1 });
  const clock = fastClock();
  const startMs = clock.nowMs();
  await downloadAll(await temporaryFolder(), [at], { clock });
  expect(clock.nowMs() - startMs).toBeGreaterThan(39_000); // the first backoff is at most 1.5 s
});

test('what is being overcome is told, and taken back', async () => {
  const { hub, at } = await hubWith({ 'model.safetensors': randomBytes(1_000) });
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 500 }, times: 2 });
  const told: DownloadProgress[] = [];
  await downloadAll(await temporaryFolder(), [at], { onProgress: (progress) => told.push(progress) });
  expect(told.map(({ trouble }) => trouble?.code)).toContain('download.refused');
  expect(told.at(-1)!.trouble).toBeNull();
});

test('a pause is told as no trouble', async () => {
  const { hub, at } = await hubWith({ 'model.safetensors': randomBytes(300_000) });
  hub.faults.add({ path: '*', fault: { kind: 'stall', afterBytes: 1_000 } });
  const pause = new AbortController();
  const told: DownloadProgress[] = [];
  const onProgress = (progress: DownloadProgress) => {
    told.push(progress);
    if (hub.served.length > 0) pause.abort(new AppError('worker.ended'));
  };
  const paused = downloadAll(await temporaryFolder(), [at], { onProgress, signal: pause.signal });
  await expect(paused).rejects.toMatchObject({ code: 'worker.ended' });
  expect(told.at(-1)!.trouble).toBeNull();
});

test('a small file may come whole from a source without ranges', async () => {
  const files = { 'qwen.tiktoken': randomBytes(10_000) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'short', missingBytes: 4_000 }, times: 1 });
  hub.faults.add({ path: '*', fault: { kind: 'whole' } });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(hub.served.map(({ status }) => status)).toEqual([206, 200]);
});

test('a file that changed on the way is not mixed', async () => {
  const files = { 'model.safetensors': randomBytes(300_000) };
  const { hub, repository, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const wanted = whole(await list(at), folder);
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 }, skip: 2 });
  const options = { files: wanted, sources: [at], parallel: 1 };
  await expect(downloadFiles(optionsFor(folder, options))).rejects.toMatchObject({ code: 'download.refused' });
  hub.faults.clear();
  repository.tamper('model.safetensors', randomBytes(300_000));
  await expect(downloadFiles(optionsFor(folder, { files: wanted, sources: [at] }))).rejects.toMatchObject({
    code: 'download.changed',
  });
  repository.tamper('model.safetensors', files['model.safetensors']);
  hub.served.length = 0;
  await downloadFiles(optionsFor(folder, { files: wanted, sources: [at] }));
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(hub.served.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(300_000 - 2 * 65_536);
});

test('a file that changes between two answers is noticed by its ETag', async () => {
  const files = { 'model.safetensors': randomBytes(300_000) };
  const { repository, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const wanted = whole(await list(at), folder);
  const tampering: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (response.headers.has('content-range')) repository.tamper('model.safetensors', randomBytes(300_000));
    return response;
  };
  const options = optionsFor(folder, { files: wanted, sources: [at], fetch: tampering, parallel: 1 });
  await expect(downloadFiles(options)).rejects.toMatchObject({ code: 'download.changed' });
});

test('a source that lies about a size is found out', async () => {
  const { repository, at } = await hubWith({ 'model.safetensors': randomBytes(1_000) });
  repository.lies.set('model.safetensors', { sizeBytes: 900 });
  await expect(downloadAll(await temporaryFolder(), [at])).rejects.toMatchObject({ code: 'download.changed' });
});

test.each([401, 403])('%i of the source itself is final, and is told', async (status) => {
  const { hub, at } = await hubWith({ 'model.safetensors': randomBytes(1_000) });
  const folder = await temporaryFolder();
  const files = whole(await list(at), folder);
  hub.faults.add({ path: '*', at: 'origin', fault: { kind: 'status', status } });
  hub.asked.length = 0;
  const refused = downloadFiles(optionsFor(folder, { files, sources: [at] }));
  await expect(refused).rejects.toMatchObject({ code: 'download.refused', params: { status } });
  expect(hub.asked).toHaveLength(3); // the commit, its tree, the file
});

test('nobody is sent out of encryption', async () => {
  const files = { 'model.safetensors': randomBytes(1_000) };
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const wanted = whole(await list(at), folder);
  const secure = 'https://hub.test';
  const encrypted: typeof fetch = (url, init) => fetch((url as string).replace(secure, hub.url), init); // asked by address
  const options = { files: wanted, sources: [{ ...at, baseUrl: secure }], fetch: encrypted, clock: fastClock(100) };
  const bytes = `${hub.url}/cdn/${at.name}/main/model.safetensors`;
  hub.faults.add({ path: '*', at: 'origin', fault: { kind: 'redirect', to: bytes } });
  const code = 'download.invalidAnswer';
  await expect(downloadFiles(optionsFor(folder, options))).rejects.toMatchObject({ code });
  expect(hub.served).toEqual([]);
  hub.faults.clear();
  await downloadFiles(optionsFor(folder, options));
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('an answer without a length that never comes to its end has brought all its bytes', async () => {
  const files = { 'model.safetensors': randomBytes(300_000) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'unended' } });
  const folder = await temporaryFolder();
  const told: DownloadProgress[] = [];
  await downloadAll(folder, [at], { onProgress: (progress) => told.push(progress) });
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(timesSent(hub, 'model.safetensors', 300_000).every((times) => times === 1)).toBe(true);
  expect(told.map(({ trouble }) => trouble)).toEqual(told.map(() => null));
});

test('a small file may come whole and compressed', async () => {
  const files = { 'config.json': Buffer.from(JSON.stringify({ layers: Array.from({ length: 500 }, () => 'qwen') })) };
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'gzip', isWhole: true } });
  const folder = await temporaryFolder();
  await downloadAll(folder, [at]);
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(hub.served).toHaveLength(1);
});

test('a file without any hash is fetched, and its hash computed', async () => {
  const files = { 'model.safetensors': randomBytes(1_000) };
  const { repository, at } = await hubWith(files);
  repository.lies.set('model.safetensors', { sha256: null });
  const folder = await temporaryFolder();
  const wanted = (await list(at)).map((file) => ({ ...file, gitId: null }));
  const records = await downloadFiles(optionsFor(folder, { files: whole(wanted, folder), sources: [at] }));
  expect(records[0]!.sha256).toBe(hashesOf(files)['model.safetensors']);
});

test('a file without any hash that changed is not gone on with, now or later', async () => {
  const { hub, repository, at } = await hubWith({ 'model.safetensors': randomBytes(300_000) });
  const folder = await temporaryFolder();
  const files = whole(await list(at), folder).map((file) => ({ ...file, sha256: null, gitId: null }));
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 }, skip: 1 });
  const options = optionsFor(folder, { files, sources: [at], parallel: 1 });
  await expect(downloadFiles(options)).rejects.toMatchObject({ code: 'download.refused' });
  hub.faults.clear();
  repository.tamper('model.safetensors', randomBytes(300_000));
  for (let time = 0; time < 2; time++)
    await expect(downloadFiles(options)).rejects.toMatchObject({ code: 'download.changed' });
});

describe('with two sources', () => {
  test('one that wants an hour is waited for with no file, while there is another', async () => {
    const files = content();
    const [busy, other] = [await hubWith(files), await hubWith(files)];
    busy.hub.faults.add({ path: shard, fault: { kind: 'status', status: 429, retryAfter: '3600' }, times: 1 });
    const clock = fastClock();
    const startMs = clock.nowMs();
    const folder = await temporaryFolder();
    await downloadAll(folder, [busy.at, { ...other.at, source: 'hfMirror' }], { clock });
    expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
    expect(clock.nowMs() - startMs).toBeLessThan(600_000);
  });

  test('when both are out, an error that may pass is told rather than one that will not', async () => {
    const files = { 'model.safetensors': randomBytes(1_000) };
    const [down, without] = [await hubWith(files), await hubWith(files)];
    down.hub.faults.add({ path: '*', fault: { kind: 'status', status: 503 } });
    without.hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 } });
    const sources = [down.at, { ...without.at, source: 'hfMirror' as const }];
    await expect(downloadAll(await temporaryFolder(), sources)).rejects.toMatchObject({ params: { status: 503 } });
  });

  test('the next one goes on when the first fails, and nothing is fetched twice', async () => {
    const files = { 'model.safetensors': randomBytes(400_000) };
    const first = await hubWith(files);
    const second = await hubWith(files);
    first.hub.faults.add({ path: '*', fault: { kind: 'drop', afterBytes: null }, skip: 2 });
    const folder = await temporaryFolder();
    await downloadAll(folder, [first.at, { ...second.at, source: 'hfMirror' }]);
    expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
    const sent = [first.hub, second.hub].map(({ served }) => served.reduce((sum, { sentBytes }) => sum + sentBytes, 0));
    expect(sent).toEqual([2 * 65_536, 400_000 - 2 * 65_536]);
  });

  test('a small file comes from one that knows it by another hash', async () => {
    const files = { 'config.json': randomBytes(1_000) };
    const first = await hubWith(files);
    const second = await hubWith(files);
    for (const [from, other] of [
      [modelScopeOf(first.hub), second.at], // SHA-256 and Git's name
      [first.at, modelScopeOf(second.hub)],
    ] as const) {
      const folder = await temporaryFolder();
      first.hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 } });
      await downloadAll(folder, [from, other]);
      expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
    }
  });

  test('one that lists other bytes is not asked for them', async () => {
    const files = { 'model.safetensors': randomBytes(1_000) };
    const first = await hubWith(files);
    const other = await hubWith({ 'model.safetensors': randomBytes(1_000) });
    first.hub.faults.add({ path: '*', fault: { kind: 'status', status: 404 } });
    const sources = [first.at, { ...other.at, source: 'hfMirror' as const }];
    await expect(downloadAll(await temporaryFolder(), sources)).rejects.toMatchObject({ code: 'download.refused' });
    expect(other.hub.served).toEqual([]);
  });

  test('one that sent bad bytes is not asked again while there is another', async () => {
    const files = { 'model.safetensors': randomBytes(1_000) };
    const bad = await hubWith(files);
    const good = await hubWith(files);
    bad.hub.faults.add({ path: '*', fault: { kind: 'corrupt' } });
    const folder = await temporaryFolder();
    await downloadAll(folder, [bad.at, { ...good.at, source: 'hfMirror' }]);
    expect(await readFile(path.join(folder, 'checkpoint/model.safetensors'))).toEqual(files['model.safetensors']);
    expect([bad.hub.served.length, good.hub.served.length]).toEqual([1, 1]);
  });

  test('the second serves when the first cannot even be listed', async () => {
    const files = { 'model.safetensors': randomBytes(1_000) };
    const gone = await hubWith(files);
    const good = await hubWith(files);
    const folder = await temporaryFolder();
    const wanted = whole(await list(good.at), folder);
    await gone.hub.close();
    const sources = [gone.at, { ...good.at, source: 'hfMirror' as const }];
    await downloadFiles(optionsFor(folder, { files: wanted, sources }));
    expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  });
});
