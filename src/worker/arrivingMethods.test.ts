import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { workerMethods } from '../shared/workerProtocol';
import { createArrivingMethods } from './arrivingMethods';
import { openCheckpoint } from './checkpoint/checkpoint';
import { writeRandomCheckpoint } from './checkpoint/randomCheckpoint.test-support';
import { sha256OfFiles } from './prepare/sha256OfFiles.test-support';
import { splitCheckpoint, type SplitCheckpoint } from './prepare/splitCheckpoint.test-support';

const shape = { layers: 1, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 };
const context = () => ({ emit: vi.fn(), signal: new AbortController().signal });

let root: string;
let split: SplitCheckpoint;
beforeEach(async () => {
  vi.spyOn(os, 'setPriority').mockReturnValue(); // it would stay with the process of the tests
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-arriving-methods-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeRandomCheckpoint(path.join(root, 'source'), shape);
  split = await splitCheckpoint(path.join(root, 'source'), path.join(root, 'checkpoint'));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const request = (folder = 'prepared') => ({
  ...{ folder: split.folder, shards: [...split.shards], preparedFolder: path.join(root, folder) },
  ...({ precision: 'int8', device: 'cpu', fingerprint: '0123456789abcdef' } as const),
});

test('a download can follow the layout: the parts it names are those that are prepared', async () => {
  const methods = createArrivingMethods();
  const { tensors } = workerMethods.layOut.output.parse(await methods.layOut(request(), context()));
  const { tensors: stored } = await openCheckpoint(path.join(root, 'source'));
  expect(tensors).toHaveLength(stored.size);
  for (const { isNeeded, ...place } of tensors) {
    expect(isNeeded).toBe(true);
    expect(stored.get(place.name)).toMatchObject(place);
  }

  const following = context();
  const prepared = methods.prepareArriving(request(), following);
  // At once, as frames may come: before anything was read.
  await Promise.all([
    methods.arrive({ tensors: [...split.parts] }, context()),
    methods.conclude({}, context()),
    expect(methods.prepareArriving(request(), context())).rejects.toThrow(),
  ]);
  const { bytes } = workerMethods.prepareArriving.output.parse(await prepared);
  const events = following.emit.mock.calls.map(([event]) => workerMethods.prepareArriving.event.parse(event));
  expect(new Set(events.flatMap((event) => event.tensors))).toEqual(new Set(stored.keys()));
  expect(bytes).toBeGreaterThan(0);
  expect(Object.keys(await sha256OfFiles(path.join(root, 'prepared', 'int8-float32')))).toContain('manifest.json');
});

test('a failure is answered once, and the process can prepare again', async () => {
  const methods = createArrivingMethods();
  const noHeader = { ...request(), shards: split.shards.map((shard) => ({ ...shard, headerFile: '/nowhere' })) };
  const failed = methods.prepareArriving(noHeader, context());
  const told = [methods.arrive({ tensors: [...split.parts] }, context()), methods.conclude({}, context())];
  const forgotten = methods.forget({ tensors: ['lm_head.weight'] }, context());
  await Promise.all([
    ...told,
    expect(failed).rejects.toMatchObject({ code: 'checkpoint.missingFile' }),
    expect(forgotten).rejects.toMatchObject({ code: 'prepare.failed' }),
  ]);
  await expect(methods.forget({ tensors: [] }, context())).rejects.toMatchObject({ code: 'prepare.failed' });

  const again = methods.prepareArriving(request(), context());
  await methods.arrive({ tensors: [...split.parts] }, context());
  await methods.conclude({}, context());
  await again;
});
