import { randomBytes } from 'node:crypto';
import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findDamage, repairFiles, type RecordedFile } from './damage';
import { downloadFiles } from './downloadFiles';
import { hashesIn, hashesOf, hubWith, list, optionsFor, sha256, temporaryFolder, whole } from './hub.test-support';

const signal = new AbortController().signal;

/** Three files of several chunks, fetched. */
async function installed() {
  const files = {
    'config.json': Buffer.from('{"model_type":"qwen"}'),
    'model-1.safetensors': randomBytes(200_000),
    'model-2.safetensors': randomBytes(100_000),
  };
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const wanted = whole(await list(at), folder);
  const records = await downloadFiles(optionsFor(folder, { files: wanted, sources: [at] }));
  await rm(path.join(folder, 'download.json')); // as the library does when the model is there
  hub.served.length = 0;
  const recorded: RecordedFile[] = records.map((record, index) => ({ ...record, parts: wanted[index]!.parts }));
  const repair = async (): Promise<void> => {
    const { signal: never, ...rest } = optionsFor(folder, { files: [], sources: [at] });
    await repairFiles(await findDamage(recorded, { signal }), { ...rest, signal: never });
  };
  return { files, hub, folder, recorded, repair };
}

test('whole files have no damage', async () => {
  const { recorded } = await installed();
  const told: number[] = [];
  expect(await findDamage(recorded, { signal, onProgress: (doneBytes) => told.push(doneBytes) })).toEqual([]);
  expect(told.at(-1)).toBe(300_021);
});

test('only the chunk with the bad byte is fetched again', async () => {
  const { files, hub, folder, recorded, repair } = await installed();
  const file = await open(path.join(folder, 'checkpoint/model-1.safetensors'), 'r+');
  await file.write(Buffer.from([files['model-1.safetensors'][70_000]! ^ 1]), 0, 1, 70_000);
  await file.close();
  const [damage] = await findDamage(recorded, { signal });
  const second = files['model-1.safetensors'].subarray(65_536, 131_072);
  expect(damage!.chunks).toEqual([{ start: 65_536, sizeBytes: 65_536, sha256: sha256(second) }]);
  await repair();
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
  expect(hub.served.map(({ path: name, start, end }) => [name, start, end])).toEqual([
    ['model-1.safetensors', 65_536, 131_072],
  ]);
});

test.each([
  ['deleted', (file: string) => rm(file)],
  ['cut', (file: string) => truncate(file, 150_000)],
  ['longer', async (file: string) => writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(9)]))],
])('a file that was %s is whole again', async (_how, damage) => {
  const { files, folder, repair, recorded } = await installed();
  await damage(path.join(folder, 'checkpoint/model-1.safetensors'));
  expect((await findDamage(recorded, { signal })).map(({ file }) => file.path)).toEqual(['model-1.safetensors']);
  await repair();
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('a small file that the source names by Git alone can be repaired', async () => {
  const { files, folder, repair } = await installed();
  await writeFile(path.join(folder, 'checkpoint/config.json'), '{"model_type":"other"}');
  await repair();
  expect(await hashesIn(folder, Object.keys(files))).toEqual(hashesOf(files));
});

test('a repair that gets bad bytes again says so', async () => {
  const { hub, folder, repair } = await installed();
  await rm(path.join(folder, 'checkpoint/model-2.safetensors'));
  hub.faults.add({ path: '*', fault: { kind: 'corrupt' } });
  await expect(repair()).rejects.toMatchObject({ code: 'download.checksum' });
});
