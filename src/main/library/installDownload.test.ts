import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fastClock } from '../download/hub.test-support';
import { anInstall, demoFiles, diskAt, installed, modelIn, paused, setUp, tiny, when } from './library.test-support';

const shard = 'model-00002-of-00002.safetensors';
/** Holds a download in its middle: the rest of the last shard does not come. */
const stuck = { path: shard, fault: { kind: 'stall', afterBytes: 20_000 }, skip: 2 } as const;
const isDownloading = ({ installation }: { installation: { doneBytes: number } | null }) =>
  installation !== null && installation.doneBytes > 4_000_000 ? true : null;

/** Leaves so many bytes of a disk to us. */
function fill(disk: string, leftBytes: number): { free: () => void } {
  const { bavail, bsize } = statfsSync(disk);
  const other = join(disk, 'of-another-program');
  try {
    writeFileSync(other, Buffer.alloc(Math.max(0, bavail * bsize - leftBytes), 1));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error; // someone else was faster: it is full
  }
  return { free: () => rmSync(other) };
}

test('what another form takes of the disk is not taken for a part of this one', async ({ skip }) => {
  const { start, models, hub } = await setUp();
  if (!diskAt(models, 60_000)) skip('only root on Linux can make a disk as small as that');
  const library = await start();
  await library.install(anInstall); // int4
  await installed(library);
  const verdicts = await library.verdicts(tiny.id);
  const { diskBytes } = verdicts.find(({ precision, device }) => precision === 'int8' && device === 'cpu')!;
  const downloadBytes = Object.values(demoFiles()).reduce((sum, { length }) => sum + length, 0);
  const disk = fill(models, diskBytes + downloadBytes - 1_000_000);
  hub.served.length = 0;
  await library.install({ ...anInstall, precision: 'int8' });
  expect(await paused(library)).toMatchObject({ pause: 'diskFull', error: { code: 'library.diskFull' } });
  expect(hub.served.filter(({ path, end }) => path === shard && end > 1_000_000)).toEqual([]);
  disk.free();
  await library.resume(tiny.id);
  expect((await installed(library)).prepared).toHaveLength(2);
});

test.each([true, false])(
  'a disk that others fill on the way pauses it (originals kept: %s)',
  async (keepsOriginals) => {
    const { start, models, hub } = await setUp({ clock: fastClock() });
    if (!diskAt(models, 60_000)) return; // only root on Linux can make a disk as small as that
    hub.faults.add(stuck);
    const library = await start();
    await library.install({ ...anInstall, keepsOriginals });
    await when(library, isDownloading);
    const disk = fill(models, 0);
    hub.faults.clear();
    const { pause, error } = await paused(library);
    expect(pause).toBe('diskFull');
    expect(error!.code).toMatch(/^(download|prepare)\.diskFull$/);
    disk.free();
    await library.resume(tiny.id);
    expect(await installed(library)).toMatchObject({ problem: null });
  },
);

test('a models folder that cannot be written is told, and mended by whoever can', async ({ skip }) => {
  const { start, models } = await setUp();
  if (!diskAt(models, 60_000)) skip('only root on Linux can make a disk of its own');
  spawnSync('mount', ['-o', 'remount,ro', models]);
  const library = await start();
  const error = { code: 'download.diskRefused', params: { folder: models } };
  await expect(library.install(anInstall)).rejects.toMatchObject(error);
  spawnSync('mount', ['-o', 'remount,rw', models]);
  await library.install(anInstall);
  expect(await installed(library)).toMatchObject({ problem: null });
});

test('a models folder that becomes read-only on the way stops it with a reason', async ({ skip }) => {
  const { start, models, hub } = await setUp({ clock: fastClock() });
  if (!diskAt(models, 60_000)) skip('only root on Linux can make a disk of its own');
  hub.faults.add(stuck);
  const library = await start();
  await library.install(anInstall);
  await when(library, isDownloading);
  await library.pause(tiny.id);
  spawnSync('mount', ['-o', 'remount,ro', models]);
  await expect(library.resume(tiny.id)).rejects.toMatchObject({ code: 'download.diskRefused' });
  spawnSync('mount', ['-o', 'remount,rw', models]);
  hub.faults.clear();
  await library.resume(tiny.id);
  expect(await installed(library)).toMatchObject({ problem: null });
});

test.each([0, 5])(
  'a shard that is listed with %i bytes is an error that names it, and is not pinned',
  async (sizeBytes) => {
    const { start, repository } = await setUp();
    repository.lies.set(shard, { sizeBytes });
    const library = await start();
    await library.install(anInstall);
    const error = { code: 'checkpoint.invalidShard', params: { file: shard } };
    expect(await paused(library)).toMatchObject({ pause: 'failed', error });
    repository.lies.clear();
    await library.resume(tiny.id);
    expect(await installed(library)).toMatchObject({ problem: null });
  },
);

test('a shard that ends within its own header is an error that names it', async () => {
  const { start, repository } = await setUp();
  repository.commit({ [shard]: demoFiles()[shard]!.subarray(0, 600) });
  const library = await start();
  await library.install(anInstall);
  const error = { code: 'checkpoint.invalidShard', params: { file: shard } };
  expect(await paused(library)).toMatchObject({ pause: 'failed', error });
  expect(modelIn(library).installed).toBeNull();
});

test('a shard that is listed shorter than it is ends with an error that names it', async () => {
  const { start, repository } = await setUp({ clock: fastClock(200) });
  repository.lies.set(shard, { sizeBytes: 600 });
  const library = await start();
  await library.install(anInstall);
  const error = { code: 'download.changed', params: { file: shard } };
  expect(await paused(library)).toMatchObject({ pause: 'failed', error });
});
