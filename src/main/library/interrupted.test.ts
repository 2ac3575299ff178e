import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fastClock } from '../download/hub.test-support';
import { anInstall, filesBelow, installed, modelIn, paused, setUp, stateOf, tiny, when } from './library.test-support';

const shard = 'model-00002-of-00002.safetensors';
/** Holds a download in its middle: the rest of the last shard does not come. */
const stuck = { path: shard, fault: { kind: 'stall', afterBytes: 20_000 } } as const;
const isDownloading = ({ installation }: { installation: { stage: string; doneBytes: number } | null }) =>
  installation !== null && installation.doneBytes > 4_000_000 ? true : null;

/** How often each byte of the shards was sent, at most. */
function mostSent({ served }: Awaited<ReturnType<typeof setUp>>['hub']): number {
  const times = new Map<string, Uint8Array>();
  for (const { path, start, sentBytes } of served) {
    if (!path.endsWith('.safetensors')) continue;
    const all = times.get(path) ?? new Uint8Array(5_000_000);
    times.set(path, all);
    for (let at = start; at < start + sentBytes; at++) all[at]!++;
  }
  return Math.max(...[...times.values()].map((all) => all.reduce((most, count) => Math.max(most, count), 0)));
}

test('paused, it keeps what came, says so at the next start, and goes on without fetching that again', async () => {
  const { start, hub } = await setUp();
  hub.faults.add({ ...stuck, skip: 2 });
  const before = await start();
  await before.install(anInstall);
  await when(before, isDownloading);
  await before.pause(tiny.id);
  expect(modelIn(before).installation).toMatchObject({ pause: 'user', error: null });
  await before.close();
  hub.faults.clear();
  const after = await start();
  expect(modelIn(after).installation).toMatchObject({ pause: 'user' });
  await after.resume(tiny.id);
  expect(await installed(after)).toMatchObject({ problem: null });
});

test('what an unfinished download takes of the disk is told', async () => {
  const { start, hub } = await setUp();
  hub.faults.add({ ...stuck, skip: 2 });
  const library = await start();
  await library.install(anInstall);
  await when(library, isDownloading);
  await library.pause(tiny.id);
  const usedBytes = () => stateOf(library).usedBytes;
  await expect.poll(usedBytes, { timeout: 5_000 }).toBeGreaterThan(1_500_000); // prepared from 4 MB that came
  await library.cancel(tiny.id);
  await expect.poll(usedBytes, { timeout: 5_000 }).toBe(0);
});

test('an app that was closed in the middle goes on by itself', async () => {
  const { start, hub, settings } = await setUp();
  hub.faults.add({ ...stuck, skip: 2 });
  const before = await start();
  await before.install(anInstall);
  await when(before, isDownloading);
  await before.close();
  hub.faults.clear();
  hub.served.splice(0);
  expect(settings.current.modelId).toBe('demo');
  const after = await start();
  expect(await installed(after)).toMatchObject({ problem: null });
  expect(mostSent(hub)).toBe(1);
  const sent = hub.served.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  expect(sent).toBeLessThan(4_500_000); // the first shard was there already
});

test('without a network it waits, and goes on when told that it is back', async () => {
  const { start, hub } = await setUp({ clock: fastClock() });
  hub.faults.add(
    { path: 'api', fault: { kind: 'drop', afterBytes: null } },
    { path: '*', fault: { kind: 'drop', afterBytes: null } },
  );
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'offline', error: { code: 'download.offline' } });
  hub.faults.clear();
  library.nudge();
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
});

test.each([503, 408])('a source that answers %i for long is waited for, not given up', async (status) => {
  const { start, hub } = await setUp({ clock: fastClock(100) });
  hub.faults.add({ path: '*', fault: { kind: 'status', status } });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'offline', error: { params: { status } } });
  hub.faults.clear();
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
});

test('the sign-in page of a network is waited for, too', async () => {
  const { start, hub } = await setUp({ clock: fastClock(100) });
  hub.faults.add({ path: 'api', fault: { kind: 'page' } }, { path: '*', fault: { kind: 'page' } });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'offline', error: { code: 'download.invalidAnswer' } });
  hub.faults.clear();
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
});

test('a download that waits for its source goes on with another that is named meanwhile', async () => {
  const { start, hub, settings } = await setUp({ clock: fastClock(100) });
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 429, retryAfter: '3600' }, times: 1 });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'offline' });
  await settings.change({ customSource: hub.url.replace('127.0.0.1', 'localhost') });
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
});

test('a source that wants an hour is not asked again before, unless told that the network is another', async () => {
  const clock = fastClock(100);
  const { start, hub } = await setUp({ clock });
  hub.faults.add({ path: '*', fault: { kind: 'status', status: 429, retryAfter: '3600' }, times: 1 });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'offline', error: { params: { seconds: 3600 } } });
  await clock.wait(120_000);
  expect(modelIn(library).installation).toMatchObject({ pause: 'offline' });
  expect(hub.served).toEqual([]);
  library.nudge();
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
});

test('a shard that comes damaged once is forgotten and fetched again', async () => {
  const { start, hub } = await setUp({ clock: fastClock() });
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' }, skip: 2, times: 1 });
  const library = await start();
  await library.install(anInstall);
  expect(await when(library, ({ installed: found }) => found)).toMatchObject({ problem: null });
  expect(mostSent(hub)).toBe(2);
});

test('a shard that always comes damaged ends in a clear failure, and nothing of it can be chosen', async () => {
  const { start, hub } = await setUp({ clock: fastClock() });
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' }, skip: 2 });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'failed', error: { code: 'download.checksum' } });
  expect(modelIn(library).installed).toBeNull();
  await expect(library.choose(tiny.id)).rejects.toMatchObject({ code: 'library.notInstalled' });
});

test('a header that comes damaged is fetched again; one that always does is told', async () => {
  const { start, hub } = await setUp({ clock: fastClock() });
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' }, times: 1 });
  const library = await start();
  await library.install(anInstall);
  expect(await installed(library)).toMatchObject({ problem: null });
  await library.remove(tiny.id);
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' } });
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'failed', error: { code: 'checkpoint.invalidShard' } });
});

test('values that are no numbers are the source’s fault if the hash is right: they are told, by name', async () => {
  const { start, repository } = await setUp();
  const bytes = Buffer.from(repository.commits[0]!.files.get(shard)!.bytes);
  bytes.fill(0xff, bytes.length - 400_000); // a matrix of NaN in bfloat16
  repository.commit({ [shard]: bytes });
  const library = await start();
  await library.install(anInstall);
  expect(await paused(library)).toMatchObject({ pause: 'failed', error: { code: 'checkpoint.notFinite' } });
});

test('cancelled, nothing of it is left but what is not ours', async () => {
  const { start, hub, models } = await setUp();
  hub.faults.add({ ...stuck, skip: 2 });
  const library = await start();
  await library.install(anInstall);
  await when(library, isDownloading);
  writeFileSync(join(models, 'tiny', 'mine.txt'), '');
  await library.cancel(tiny.id);
  expect(filesBelow(models)).toEqual(['deskmate-models.json', join('tiny', 'mine.txt')]);
  expect(modelIn(library)).toMatchObject({ installation: null, installed: null });
  hub.faults.clear();
  await library.install(anInstall);
  expect(await installed(library)).toMatchObject({ problem: null });
});

test('a second precision that is cancelled leaves the first as it was', async () => {
  const { start, hub, models } = await setUp();
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  const before = filesBelow(models);
  hub.faults.add({ ...stuck, skip: 2 });
  await library.install({ ...anInstall, precision: 'int8' });
  await when(library, isDownloading);
  await expect(library.install(anInstall)).rejects.toMatchObject({ code: 'library.busy' });
  await library.cancel(tiny.id);
  expect(filesBelow(models)).toEqual(before);
  expect(modelIn(library).installed?.prepared).toMatchObject([{ precision: 'int4' }]);
});

test('killed between the marker and the end of the order, it is fetched no second time', async () => {
  const { start, hub, models } = await setUp();
  const before = await start();
  await before.install({ ...anInstall, keepsOriginals: true });
  const order = () => readFileSync(join(models, 'tiny', 'install.json'), 'utf8');
  const written = await when(before, ({ installation }) => (installation?.stage === 'downloading' ? order() : null));
  await installed(before);
  await before.close();
  writeFileSync(join(models, 'tiny', 'install.json'), written);
  mkdirSync(join(models, 'tiny', 'checkpoint', '.parts', shard), { recursive: true });
  hub.served.splice(0);
  const after = await start();
  expect(modelIn(after)).toMatchObject({ installation: null, installed: { problem: null } });
  expect(existsSync(join(models, 'tiny', 'install.json'))).toBe(false);
  expect(existsSync(join(models, 'tiny', 'checkpoint', '.parts'))).toBe(false);
  expect(hub.served).toEqual([]);
});

test('stopped right before the marker, it fetches nothing again and leaves nothing', async () => {
  const { start, hub, models } = await setUp();
  const obstacle = join(models, 'tiny', 'model.json.new');
  mkdirSync(obstacle, { recursive: true }); // so that the marker cannot be written
  const before = await start({ reportBug: () => undefined });
  await before.install(anInstall);
  expect(await paused(before)).toMatchObject({ pause: 'failed' });
  await before.close();
  rmdirSync(obstacle);
  hub.served.splice(0);
  const after = await start();
  await after.resume(tiny.id);
  expect(await installed(after)).toMatchObject({ problem: null });
  expect(hub.served).toEqual([]);
  expect(filesBelow(models).filter((file) => file.includes('.parts'))).toEqual([]);
});

test('a removal that a kill interrupted ends at the next start', async () => {
  const { start, models } = await setUp();
  const before = await start();
  await before.install(anInstall);
  await installed(before);
  await before.close();
  const paths = filesBelow(join(models, 'tiny'));
  writeFileSync(join(models, 'tiny', 'remove.json'), JSON.stringify({ paths }));
  const after = await start();
  expect(modelIn(after).installed).toBeNull();
  expect(existsSync(join(models, 'tiny'))).toBe(false);
  expect(readFileSync(join(models, 'deskmate-models.json'), 'utf8')).toContain('version');
});
