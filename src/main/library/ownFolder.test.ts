import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ModelId } from '../../shared/library';
import {
  anInstall,
  demoFolder,
  demoFiles,
  filesBelow,
  installed,
  modelIn,
  setUp,
  tiny,
  when,
} from './library.test-support';

/** A checkpoint folder of the user's. */
function userFolder(base: string): string {
  const folder = join(base, 'My Qwen');
  mkdirSync(folder);
  for (const name of Object.keys(demoFiles())) copyFileSync(join(demoFolder, name), join(folder, name));
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  return folder;
}
const damage = (file: string) => {
  const bytes = readFileSync(file);
  bytes[bytes.length - 100]! ^= 0xff;
  writeFileSync(file, bytes);
};

test('a folder is taken in where it lies, and forgotten without a touch', async () => {
  const { base, start, pick, models } = await setUp();
  const folder = userFolder(base);
  const before = filesBelow(folder);
  pick(folder);
  const library = await start();
  expect(await library.importFolder(false)).toBe('my-qwen');
  expect(modelIn(library, 'my-qwen')).toMatchObject({
    name: 'My Qwen',
    installed: { origin: 'reference', folder, hasOriginals: true },
  });
  expect(await library.importFolder(false)).toBe('my-qwen');
  const { id } = modelIn(library, 'my-qwen');
  await library.choose(id);
  expect(library.chosen()).toMatchObject({ model: { folder, fingerprint: null }, insteadOf: null });
  await library.remove(id);
  expect(filesBelow(folder)).toEqual(before);
  expect(filesBelow(models)).toEqual(['deskmate-models.json']);
});

test('a folder of Deskmate’s own is no folder of the user’s', async () => {
  const { start, pick, models } = await setUp();
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: true });
  await installed(library);
  pick(join(models, 'tiny', 'checkpoint'));
  await expect(library.importFolder(false)).rejects.toMatchObject({ code: 'folder.isOurs' });
});

test('what is missing in a folder is said by name; without a choice nothing happens', async () => {
  const { base, start, pick } = await setUp();
  const folder = userFolder(base);
  rmSync(join(folder, 'qwen.tiktoken'));
  rmSync(join(folder, 'model-00002-of-00002.safetensors'));
  const library = await start();
  expect(await library.importFolder(false)).toBeNull();
  pick(folder);
  await expect(library.importFolder(true)).rejects.toMatchObject({
    code: 'checkpoint.missingFile',
    params: { file: 'qwen.tiktoken, model-00002-of-00002.safetensors' },
  });
});

test('a copy is whole, needs the folder no longer, and goes on after it was paused', async () => {
  const { base, start, pick, models } = await setUp();
  const folder = userFolder(base);
  pick(folder);
  const library = await start();
  const id = (await library.importFolder(true))!;
  await library.pause(id);
  await library.close();
  const again = await start();
  await again.resume(id);
  expect(await installed(again, id)).toMatchObject({ origin: 'copy', hasOriginals: true });
  rmSync(folder, { recursive: true });
  for (const [path, bytes] of Object.entries(demoFiles()))
    if (path !== 'tokenizer_config.json')
      expect(readFileSync(join(models, id, 'checkpoint', path)).equals(bytes)).toBe(true);
  await again.choose(id);
  expect(again.chosen().model.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('a reference whose drive is away gives way to the demo, by name, and is back with it', async () => {
  const { base, start, pick } = await setUp();
  const folder = userFolder(base);
  pick(folder);
  const before = await start();
  const id = (await before.importFolder(false))!;
  await before.choose(id);
  cpSync(folder, `${folder} away`, { recursive: true });
  rmSync(folder, { recursive: true });
  await before.close();
  const library = await start();
  expect(library.chosen()).toMatchObject({
    model: { isDemo: true },
    insteadOf: { model: { name: 'My Qwen' }, error: { code: 'library.folderGone', params: { folder } } },
  });
  await expect(library.choose(id)).rejects.toMatchObject({ code: 'library.folderGone' });
  cpSync(`${folder} away`, folder, { recursive: true });
  library.nudge();
  await when(library, ({ installed: found }) => (found?.problem === null ? found : null), id);
  expect(library.chosen().insteadOf).toBeNull();
});

test('a check finds what was damaged and fetches those chunks alone', async () => {
  const { start, models, hub } = await setUp();
  const library = await start();
  await library.install({ ...anInstall, keepsOriginals: true });
  await installed(library);
  const shard = join(models, 'tiny', 'checkpoint', 'model-00001-of-00002.safetensors');
  damage(shard);
  hub.served.splice(0);
  await library.repair(tiny.id);
  expect(await installed(library)).toMatchObject({ problem: null });
  expect(readFileSync(shard).equals(demoFiles()['model-00001-of-00002.safetensors']!)).toBe(true);
  expect(new Set(hub.served.map(({ path }) => path))).toEqual(new Set(['model-00001-of-00002.safetensors']));
});

test('prepared weights that were damaged are made anew, even where the originals are gone', async () => {
  const { start, models } = await setUp();
  const library = await start();
  await library.install(anInstall);
  await installed(library);
  const file = join(models, 'tiny', 'prepared', 'int4-float32', 'lm_head.weight.bin');
  const whole = readFileSync(file);
  damage(file);
  await library.repair(tiny.id);
  expect((await installed(library)).prepared).toMatchObject([{ precision: 'int4', device: 'cpu' }]);
  expect(readFileSync(file).equals(whole)).toBe(true);
});

test('damage that nobody can make good is told, and the demo answers until it is', async () => {
  const { base, start, pick, models, settings } = await setUp();
  pick(userFolder(base));
  const library = await start();
  const id = (await library.importFolder(true))!;
  await installed(library, id);
  await library.choose(id);
  const shard = join(models, id, 'checkpoint', 'model-00001-of-00002.safetensors');
  const whole = readFileSync(shard);
  damage(shard);
  await library.repair(id);
  expect(await when(library, ({ installation }) => installation?.error ?? null, id)).toMatchObject({
    code: 'library.damaged',
  });
  await library.cancel(id);
  expect(modelIn(library, id).installed?.problem).toMatchObject({ code: 'library.damaged' });
  expect(library.chosen()).toMatchObject({
    model: { isDemo: true },
    insteadOf: { error: { code: 'library.damaged' } },
  });
  writeFileSync(shard, whole);
  await library.repair(id);
  expect(await installed(library, id)).toMatchObject({ problem: null });
  expect(settings.current.modelId).toBe(id);
  expect(library.chosen().insteadOf).toBeNull();
});

test('the folder is moved with all models, and what was being fetched goes on there', async () => {
  const { base, start, pick, models, settings, hub, reload } = await setUp();
  const library = await start();
  pick(userFolder(base));
  const id = (await library.importFolder(true))!;
  await installed(library, id);
  hub.faults.add({ path: 'model-00002-of-00002.safetensors', fault: { kind: 'stall', afterBytes: 20_000 }, skip: 2 });
  await library.install(anInstall);
  await when(library, ({ installation }) => (installation!.doneBytes > 4_000_000 ? true : null));
  const to = join(base, 'elsewhere', 'models');
  pick(to);
  await library.moveFolder();
  await expect(library.moveFolder()).rejects.toMatchObject({ code: 'library.moving' });
  await expect(library.install(anInstall)).rejects.toMatchObject({ code: 'library.moving' });
  hub.faults.clear();
  expect(await installed(library)).toMatchObject({ problem: null, folder: join(to, 'tiny') });
  expect(modelIn(library, id).installed).toMatchObject({ problem: null, folder: join(to, id) });
  expect(settings.current.modelsFolder).toBe(to);
  expect(existsSync(models)).toBe(false);
  expect(reload).toHaveBeenCalled();
  await library.close();
  expect(modelIn(await start(), id).installed).toMatchObject({ problem: null });
});

test('a folder that is not safe is refused before anything is touched', async () => {
  const { base, start, pick, settings } = await setUp();
  const library = await start();
  pick(join(base, 'data'));
  await expect(library.moveFolder()).rejects.toMatchObject({ code: 'folder.isOurs' });
  pick('/');
  await expect(library.moveFolder()).rejects.toMatchObject({ code: 'folder.isRoot' });
  expect(settings.current.modelsFolder).toBeNull();
});

test('sources are asked for a byte, in the order of the settings', async () => {
  const { start, settings, hub } = await setUp();
  const library = await start();
  expect(await library.checkSources(tiny.id)).toMatchObject([{ source: 'custom', isReachable: true, error: null }]);
  await settings.change({ customSource: `${hub.url}/nowhere` });
  expect(await library.checkSources(tiny.id)).toMatchObject([
    { source: 'custom', isReachable: false, error: { code: 'download.refused' } },
  ]);
});

test('sources are asked for the model in question: one that has it may lack another', async () => {
  const { start } = await setUp();
  const repositories = { huggingFace: 'Qwen/Elsewhere', modelscope: 'Qwen/Elsewhere' };
  const other = { ...tiny, id: ModelId.parse('elsewhere'), repositories };
  const library = await start({ catalog: [other, tiny] });
  expect(await library.checkSources(tiny.id)).toMatchObject([{ isReachable: true }]);
  expect(await library.checkSources(other.id)).toMatchObject([{ isReachable: false }]);
  await expect(library.checkSources(modelIn(library, 'demo').id)).rejects.toMatchObject({
    code: 'library.unknownModel',
  });
});

test('verdicts are of the model that is asked about', async () => {
  const { start } = await setUp();
  const library = await start();
  const verdicts = await library.verdicts(tiny.id);
  expect(verdicts.find(({ precision, device }) => precision === 'int4' && device === 'cpu')).toMatchObject({
    verdict: 'shouldRun',
  });
  const demo = await library.verdicts(modelIn(library, 'demo').id);
  expect(demo.map(({ peakBytes }) => peakBytes).sort()).toEqual(verdicts.map(({ peakBytes }) => peakBytes).sort());
});

test('of a copy that was cancelled nothing is left', async () => {
  const { base, start, pick, models } = await setUp();
  pick(userFolder(base));
  const library = await start();
  const id = (await library.importFolder(true))!;
  await library.cancel(id);
  expect(filesBelow(models)).toEqual(['deskmate-models.json']);
});
