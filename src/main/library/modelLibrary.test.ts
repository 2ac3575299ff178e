import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { demoModelId } from '../../shared/library';
import type { Precision } from '../../shared/precision';
import { realWorker } from '../inference/realWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { anInstall, demoFiles, filesBelow, installed, modelIn, setUp, tiny } from './library.test-support';
import type { ModelLibrary } from './modelLibrary';

/** Opens the chosen model in a worker of its own, as the loader would, and lets it answer. */
async function answerOf(library: ModelLibrary, precision: Precision = 'int4'): Promise<string> {
  const { model } = library.chosen();
  const host = new WorkerHost({ spawn: realWorker, reportBug: (bug) => expect.unreachable(String(bug)) });
  try {
    const { folder: modelFolder, preparedFolder, fingerprint, forms } = model;
    await host.request('load', {
      ...{ modelFolder, preparedFolder, fingerprint, forms: forms === null ? null : [...forms] },
      ...{ precision, device: 'cpu', proof: null, measurements: [] },
    });
    let text = '';
    await host.request(
      'generate',
      {
        turns: [{ role: 'user', content: 'What is the capital of Japan?' }],
        sampling: { greedy: true },
      },
      { onEvent: (event) => (text += event.kind === 'delta' ? event.text : '') },
    );
    return text;
  } finally {
    await host.end();
  }
}

test('a model is fetched and prepared, is whole without its originals, can be chosen, and answers', async () => {
  const { start, settings, models, reload } = await setUp();
  const library = await start();
  expect(modelIn(library)).toMatchObject({ name: 'Tiny-Chat', installed: null, installation: null, isChosen: false });
  await library.install(anInstall);
  const found = await installed(library);
  expect(found).toMatchObject({ origin: 'download', hasOriginals: false, problem: null });
  expect(found.prepared).toMatchObject([{ precision: 'int4', device: 'cpu' }]);
  expect(filesBelow(models).filter((file) => file.includes('safetensors') || file.includes('.parts'))).toEqual([
    join('tiny', 'checkpoint', 'model.safetensors.index.json'),
  ]);
  expect(found.diskBytes).toBe(
    filesBelow(join(models, 'tiny')).reduce((sum, file) => sum + statSync(join(models, 'tiny', file)).blocks * 512, 0),
  );
  await library.choose(tiny.id);
  expect(settings.current.modelId).toBe('tiny');
  expect(reload).toHaveBeenCalledOnce();
  expect(await answerOf(library)).toContain('Tokyo');
});

test('with its originals kept, every file is there byte for byte, and another precision needs no network', async () => {
  const { start, models, hub } = await setUp();
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: true });
  expect(await installed(library)).toMatchObject({ hasOriginals: true });
  for (const [path, bytes] of Object.entries(demoFiles()))
    expect(readFileSync(join(models, 'tiny', 'checkpoint', path)).equals(bytes)).toBe(true);
  await hub.close();
  await library.install({ ...anInstall, precision: 'int8', keepsOriginals: true });
  expect((await installed(library)).prepared.map(({ precision }) => precision)).toEqual(['int8', 'int4']);
});

test('beside the originals nothing is stored twice: not the embedding, and nothing of BF16 for a CPU', async () => {
  const { start, models } = await setUp();
  const library = await start();
  await library.install({ ...anInstall, precision: 'bf16', keepsOriginals: true });
  await installed(library);
  await library.install({ ...anInstall, keepsOriginals: true });
  await installed(library);
  const prepared = filesBelow(join(models, 'tiny', 'prepared'));
  expect(prepared.filter((file) => file.startsWith('bf16-')).sort()).toEqual(
    ['manifest.json', 'model.onnx'].map((file) => join('bf16-float32', file)),
  );
  expect(prepared).toContain(join('int4-float32', 'lm_head.weight.bin'));
  expect(prepared).not.toContain(join('int4-float32', 'transformer.wte.weight.bin'));
  await library.choose(tiny.id);
  expect(await answerOf(library, 'bf16')).toContain('Tokyo');
  expect(await answerOf(library, 'int4')).toContain('Tokyo');
});

test('a kept original that is gone is named, the demo answers meanwhile, and a repair brings it back', async () => {
  const { start, models } = await setUp();
  const before = await start();
  await before.install({ ...anInstall, keepsOriginals: true });
  await installed(before);
  await before.choose(tiny.id);
  await before.close();
  const shard = 'model-00002-of-00002.safetensors';
  rmSync(join(models, 'tiny', 'checkpoint', shard));
  const library = await start();
  const problem = { code: 'library.damaged', params: { name: 'Tiny-Chat', files: shard } };
  expect(modelIn(library).installed).toMatchObject({ problem });
  expect(library.chosen()).toMatchObject({ model: { isDemo: true }, insteadOf: { error: problem } });
  await library.repair(tiny.id);
  expect(await installed(library)).toMatchObject({ problem: null });
  expect(modelIn(library).check).toEqual({ repaired: [shard] });
  expect(library.chosen()).toMatchObject({ model: { modelId: tiny.id }, insteadOf: null });
  await library.repair(tiny.id);
  expect(modelIn(library).check).toBeNull();
  await installed(library);
  expect(modelIn(library).check).toEqual({ repaired: [] });
});

test.each([true, false])('a model whose shards no source gives a SHA-256 of answers, too (kept: %s)', async (keeps) => {
  const { start, repository } = await setUp();
  for (const number of [1, 2]) repository.lies.set(`model-0000${number}-of-00002.safetensors`, { sha256: null });
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: keeps });
  await installed(library);
  await library.choose(tiny.id);
  expect(await answerOf(library)).toContain('Tokyo');
});

test('removing deletes what Deskmate wrote, and nothing that someone else put there', async () => {
  const { start, models, settings, reload } = await setUp();
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  await library.choose(tiny.id);
  writeFileSync(join(models, 'tiny', 'checkpoint', 'mine.txt'), 'mine');
  writeFileSync(join(models, 'tiny', 'prepared', 'int4-float32', 'lock-1-unknown-here-0123456789abcdef'), ''); // of a process that died
  await library.remove(tiny.id);
  expect(filesBelow(models)).toEqual(['deskmate-models.json', join('tiny', 'checkpoint', 'mine.txt')]);
  expect(settings.current.modelId).toBe('demo');
  expect(reload).toHaveBeenCalledTimes(2);
  expect(modelIn(library).installed).toBeNull();
  expect(existsSync(models)).toBe(true);
});

test('a second precision is fetched beside the first, and both can be opened', async () => {
  const { start } = await setUp();
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  await library.install({ ...anInstall, precision: 'int8' });
  expect((await installed(library)).prepared.map(({ precision }) => precision)).toEqual(['int8', 'int4']);
  await library.choose(tiny.id);
  expect(library.chosen().model.forms).toEqual([
    { precision: 'int8', device: 'cpu' },
    { precision: 'int4', device: 'cpu' },
  ]);
  expect(await answerOf(library, 'int8')).toContain('Tokyo');
  expect(await answerOf(library, 'int4')).toContain('Tokyo');
});

test('until what an installation brought is known, it is told to be going on', async () => {
  const { start } = await setUp();
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: true });
  await installed(library);
  await library.install({ ...anInstall, precision: 'int8' });
  while (modelIn(library).installation !== null) {
    await setImmediate();
    await library.pause(demoModelId); // nothing to pause there, but the state is composed anew and told
  }
  expect(modelIn(library).installed?.prepared).toHaveLength(2);
});

const shards = [1, 2].map((number) => `model-0000${number}-of-00002.safetensors`);

test('a second precision can be opened beside the first, also where the source tells of other hashes by then', async () => {
  const { start, repository } = await setUp();
  for (const shard of shards) repository.lies.set(shard, { sha256: null });
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  repository.lies.clear();
  await library.install({ ...anInstall, precision: 'int8' });
  await installed(library);
  await library.choose(tiny.id);
  expect(await answerOf(library, 'int8')).toContain('Tokyo');
  expect(await answerOf(library, 'int4')).toContain('Tokyo');
});

test.each([true, false])(
  'prepared weights that are made anew can be opened, whoever tells hashes (at first: %s)',
  async (tells) => {
    const { start, models, repository } = await setUp();
    const hideHashes = () => shards.forEach((shard) => repository.lies.set(shard, { sha256: null }));
    if (!tells) hideHashes();
    const library = await start();
    await library.install(anInstall);
    await installed(library);
    repository.lies.clear();
    if (tells) hideHashes();
    writeFileSync(join(models, 'tiny', 'prepared', 'int4-float32', 'lm_head.weight.bin'), 'damaged');
    await library.repair(tiny.id);
    expect((await installed(library)).prepared).toMatchObject([{ precision: 'int4' }]);
    expect(modelIn(library).check).toEqual({ repaired: ['int4-float32'] });
    await library.choose(tiny.id);
    expect(await answerOf(library)).toContain('Tokyo');
  },
);

test('another form is of the very same weights, although the source has published others since', async () => {
  const { start, repository } = await setUp();
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  const bytes = Buffer.from(repository.commits[0]!.files.get(shards[1]!)!.bytes);
  bytes[bytes.length - 2]! ^= 1;
  repository.commit({ [shards[1]!]: bytes });
  await library.install({ ...anInstall, precision: 'int8' });
  await installed(library);
  await library.choose(tiny.id);
  expect(await answerOf(library, 'int8')).toContain('Tokyo');
  expect(await answerOf(library, 'int4')).toContain('Tokyo');
});
