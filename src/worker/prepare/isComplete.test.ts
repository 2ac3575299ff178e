import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { prepareCheckpoint } from './prepareCheckpoint';
import { readPrepared } from './preparedFolder';
import { sha256OfFiles } from './sha256OfFiles.test-support';

let folder: string;
let checkpoint: Checkpoint;
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-complete-'));
  onTestFinished(() => rm(root, { recursive: true }));
  folder = path.join(root, 'prepared');
  await writeRandomCheckpoint(path.join(root, 'source'), {
    ...{ layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 },
  });
  checkpoint = await openCheckpoint(path.join(root, 'source'));
});

const prepare = () => prepareCheckpoint({ checkpoint, folder, precision: 'int4', floatType: 'float32' });
/** What is made of a folder by whoever opens it with its config, and by whoever knows nothing but the folder. */
const found = () =>
  Promise.all([checkpoint.config, null].map((config) => readPrepared(folder, { identity: {}, config })));

type Json = Record<string, Record<string, Record<string, unknown>>>;
const w1 = 'transformer.h.0.mlp.w1.weight';
const codes = { file: `${w1}.bin`, offset: 0, byteLength: (192 * 128) / 2 };

const edits: [string, (manifest: Json) => unknown][] = [
  ['that tells of no weights', (manifest) => (manifest['tensors'] = {})],
  ['that lacks one', ({ tensors }) => Reflect.deleteProperty(tensors!, w1)],
  ['that lacks a file of them', ({ files }) => Reflect.deleteProperty(files!, `${w1}.bin`)],
  ['whose codes are too few', ({ tensors }) => (tensors![w1]!['codes'] = { ...codes, byteLength: 16 })],
  ['whose codes lie beyond the file', ({ tensors }) => (tensors![w1]!['codes'] = { ...codes, offset: 1e9 })],
  ['whose blocks have no size', ({ tensors }) => (tensors![w1]!['blockSize'] = 0)],
  ['whose blocks have another size', ({ tensors }) => (tensors![w1]!['blockSize'] = 32)],
  ['that holds them in another form', ({ tensors }) => (tensors![w1]!['encoding'] = 'nf4')],
  ['that leads out of the folder', ({ tensors }) => (tensors![w1]!['codes'] = { ...codes, file: `../${w1}.bin` })],
  [
    'that promises an embedding of a few bytes',
    ({ tensors }) => {
      const values = { ...codes, byteLength: 16 };
      tensors!['transformer.wte.weight'] = { encoding: 'stored', dtype: 'BF16', values };
    },
  ],
];

test.each(edits)('a manifest %s makes no folder whole, and the next run makes it so', async (_, edit) => {
  await prepare();
  expect(await found()).toEqual([expect.anything(), expect.anything()]);
  const whole = await sha256OfFiles(folder);
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Json;
  edit(manifest);
  await writeFile(file, JSON.stringify(manifest));
  expect(await found()).toEqual([null, null]);
  await prepare();
  expect(await sha256OfFiles(folder)).toEqual(whole);
});

test.skipIf(process.platform === 'win32')(
  'a link in the place of weights is replaced, and what it leads to stays',
  async () => {
    await prepare();
    const whole = await sha256OfFiles(folder);
    const [file, elsewhere] = [path.join(folder, `${w1}.bin`), path.join(folder, '..', 'elsewhere')];
    await rename(file, elsewhere);
    await symlink(elsewhere, file);
    expect(await found()).toEqual([null, null]);
    const moved = await readFile(elsewhere);
    await prepare();
    expect(await sha256OfFiles(folder)).toEqual(whole);
    expect((await readFile(elsewhere)).equals(moved)).toBe(true);
  },
);
