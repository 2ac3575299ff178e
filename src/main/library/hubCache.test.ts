import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { demoFiles, demoFolder, installed, modelIn, setUp } from './library.test-support';

const commit = '2abd8e5777bb4ce9c8ab4be7dbbd0fe4526db78d';

/** A repository in Hugging Face's cache, as huggingface_hub lays it out: links in snapshots/COMMIT lead to blobs/HASH. */
function hubCache(base: string): { repository: string; snapshot: string; blobs: string } {
  const repository = join(base, 'hub', 'models--Qwen--Qwen-1_8B-Chat');
  const [snapshot, blobs] = [join(repository, 'snapshots', commit), join(repository, 'blobs')];
  for (const folder of [snapshot, blobs, join(repository, 'refs')]) mkdirSync(folder, { recursive: true });
  for (const [number, name] of Object.keys(demoFiles()).entries()) {
    const blob = `${number}`.padStart(40, '0');
    copyFileSync(join(demoFolder, name), join(blobs, blob));
    symlinkSync(join('..', '..', 'blobs', blob), join(snapshot, name));
  }
  writeFileSync(join(repository, 'refs', 'main'), commit);
  return { repository, snapshot, blobs };
}

test.each(['snapshot', 'repository'] as const)(
  'a %s of Hugging Face’s cache is used where it lies, by its name',
  async (what) => {
    const { base, start, pick } = await setUp();
    const cache = hubCache(base);
    pick(cache[what]);
    const library = await start();
    const id = (await library.importFolder(false))!;
    expect(modelIn(library, id)).toMatchObject({
      ...{ id: 'qwen-1-8b-chat', name: 'Qwen-1_8B-Chat' },
      installed: { origin: 'reference', folder: cache.snapshot, problem: null },
    });
  },
);

test('a repository without a main has the only commit that is there', async () => {
  const { base, start, pick } = await setUp();
  const { repository, snapshot } = hubCache(base);
  rmSync(join(repository, 'refs'), { recursive: true });
  pick(repository);
  const library = await start();
  const id = (await library.importFolder(false))!;
  expect(modelIn(library, id).installed).toMatchObject({ folder: snapshot });
});

test('a copy of it needs the cache no longer, also after a move', async () => {
  const { base, start, pick } = await setUp();
  const { repository, snapshot } = hubCache(base);
  pick(snapshot);
  const library = await start();
  const id = (await library.importFolder(true))!;
  await installed(library, id);
  rmSync(dirname(repository), { recursive: true });
  const to = join(base, 'elsewhere');
  pick(to);
  await library.moveFolder();
  await expect.poll(() => modelIn(library, id).installed?.folder).toBe(join(to, id));
  for (const [path, bytes] of Object.entries(demoFiles()))
    if (path !== 'tokenizer_config.json')
      expect(readFileSync(join(to, id, 'checkpoint', path)).equals(bytes), path).toBe(true);
  expect(modelIn(library, id).installed).toMatchObject({ problem: null });
});
