import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelStatus } from '../../shared/model';
import { workerWith } from '../inference/realWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import type { ConfiguredModel } from './configuredModel';
import { ModelLoader } from './modelLoader';
import { testLoading, testModel } from './testModel.test-support';

let folder: string;
let host: WorkerHost;
let limitBytes: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-step-'));
  const spawn = () => workerWith({ DESKMATE_MEMORY_LIMIT: String(limitBytes) });
  host = new WorkerHost({ spawn, reportBug: (bug) => expect.unreachable(String(bug)) });
});
afterEach(async () => {
  await host.end();
  await rm(folder, { recursive: true });
});

/** The demo takes 63.9 MB in bf16, 37.1 in int8 and 35.8 in int4, of which 33.3 are for keys, values and computing. */
test('memory for less than the wanted precision: a lower one runs, and Try again finds the memory that came free', async () => {
  limitBytes = 36_500_000;
  const demo = join(import.meta.dirname, '../../../assets/demo-model');
  const model: ConfiguredModel = { ...testModel, folder: demo, preparedFolder: folder };
  const loader = new ModelLoader({
    ...{ host, ...testLoading, chosen: () => ({ model, insteadOf: null }) },
    settings: () => ({ precision: 'bf16', device: 'cpu' }),
    reportBug: (bug) => expect.unreachable(String(bug)),
  });
  const seen: ModelStatus['state'][] = [];
  loader.watch(({ state }) => seen.push(state));
  await loader.load();
  expect(await loader.whenReady()).toMatchObject({
    ...{ precision: 'int4', device: 'cpu' },
    steppedDownFrom: [
      { precision: 'bf16', device: 'cpu', error: { code: 'session.outOfMemory', params: { precision: 'bf16' } } },
    ],
  });
  expect(seen).not.toContain('failed');
  limitBytes = 1e15;
  await loader.load();
  expect(await loader.whenReady()).toMatchObject({ precision: 'bf16', steppedDownFrom: [] });
});
