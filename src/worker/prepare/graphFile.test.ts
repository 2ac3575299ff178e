import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Precision } from '../../shared/precision';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { readGraph } from './graphFile';
import { prepareCheckpoint, type PrepareOptions } from './prepareCheckpoint';
import { PreparedManifest } from './preparedManifest';
import { sha256OfFiles } from './sha256OfFiles.test-support';

let root: string;
let folder: string;
let checkpoint: Checkpoint;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-graph-'));
  onTestFinished(() => rm(root, { recursive: true }));
  folder = path.join(root, 'prepared');
  const source = path.join(root, 'source');
  await writeRandomCheckpoint(source, { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 });
  checkpoint = await openCheckpoint(source, '0123456789abcdef');
});

const prepare = (options: Partial<PrepareOptions> = {}) =>
  prepareCheckpoint({ checkpoint, folder, precision: 'nf4', floatType: 'float32', ...options });

const fileIn = (name: string) => path.join(folder, name);
const graphFile = () => fileIn('model.onnx');

test.each<[Precision, FloatType]>([
  ['int8', 'float32'],
  ['nf4', 'float32'],
  ['int4', 'float32'],
  ['bf16', 'float16'],
  ['int8', 'float16'],
  ['nf4', 'float16'],
  ['int4', 'float16'],
])('%s in %s is an ONNX model that opens by its path', async (precision, floatType) => {
  const { manifest } = await prepare({ precision, floatType });
  expect(manifest.files['model.onnx']!.byteLength).toBe((await stat(graphFile())).size);
  const executionProviders = [floatType === 'float16' ? 'webgpu' : 'cpu'];
  const session = await InferenceSession.create(graphFile(), { executionProviders, logSeverityLevel: 3 });
  expect(session.inputNames).toContain('logit_rows');
  expect(session.outputNames).toContain('logits');
  await session.release();
});

test('bf16 for a CPU points into the shards, and opens where they are given as the place of its data', async () => {
  await prepare({ precision: 'bf16' });
  expect(Object.keys(await sha256OfFiles(folder))).toEqual(['manifest.json', 'model.onnx']);
  const bytes = await readFile(graphFile());
  expect(bytes.includes('model-00002-of-00002.safetensors')).toBe(true);
  const extra = { session: { model_external_initializers_file_folder_path: checkpoint.folder } };
  await (await InferenceSession.create(bytes, { executionProviders: ['cpu'], extra })).release();
});

describe('in a folder whose weights are whole, the graph alone is made anew', () => {
  const weightTimes = async () => {
    const files = Object.keys(await sha256OfFiles(folder)).filter((name) => name.endsWith('.bin'));
    return Promise.all(files.map(async (file) => (await stat(fileIn(file))).mtimeMs));
  };

  const withoutGraph = async () => {
    const { graph, checkpointFolder, ...older } = PreparedManifest.parse(
      JSON.parse(await readFile(fileIn('manifest.json'), 'utf8')),
    );
    expect([graph, checkpointFolder]).toEqual([expect.anything(), null]);
    delete older.files['model.onnx'];
    await writeFile(fileIn('manifest.json'), JSON.stringify(older));
    await rm(graphFile());
  };

  test.each<[string, () => Promise<void>]>([
    ['of a Deskmate that made none', withoutGraph],
    ['where it is gone', () => rm(graphFile())],
    ['where it is cut short', () => truncate(graphFile(), 100)],
    [
      'where it has other bytes',
      async () => {
        const bytes = await readFile(graphFile());
        bytes[bytes.length - 1]! ^= 1;
        await writeFile(graphFile(), bytes);
      },
    ],
    [
      'where another version made it',
      async () => {
        const manifest = PreparedManifest.parse(JSON.parse(await readFile(fileIn('manifest.json'), 'utf8')));
        const graph = { ...manifest.graph!, version: 0 };
        await writeFile(fileIn('manifest.json'), JSON.stringify({ ...manifest, graph }));
      },
    ],
  ])('%s', async (_, harm) => {
    for (const isVerified of [false, true]) {
      await prepare();
      const [whole, times] = [await sha256OfFiles(folder), await weightTimes()];
      await harm();
      await prepare({ isVerified, onProgress: () => expect.unreachable('weights are read') });
      expect(await sha256OfFiles(folder)).toEqual(whole);
      expect(await weightTimes()).toEqual(times);
    }
  });

  test('where the same weights have another configuration', async () => {
    const before = await prepare();
    const times = await weightTimes();
    const config = { ...checkpoint.config, normEpsilon: 1e-5 };
    expect(await readGraph(before, config)).toBeNull();
    const after = await prepare({ checkpoint: { ...checkpoint, config } });
    expect(after.manifest.files['model.onnx']!.sha256).not.toBe(before.manifest.files['model.onnx']!.sha256);
    expect(await readGraph(after, config)).not.toBeNull();
    expect(await weightTimes()).toEqual(times);
  });
});

test("a model.onnx of another program's is neither used nor replaced", async () => {
  const foreign = Buffer.from('\b\u0007\u0012\u0007pytorch'); // IR version 7, and the producer's name
  await mkdir(folder);
  await writeFile(graphFile(), foreign);
  await expect(prepare()).rejects.toMatchObject({ code: 'folder.notEmpty', params: { folder } });
  expect(await readdir(folder)).toEqual(['model.onnx']);
  expect((await readFile(graphFile())).equals(foreign)).toBe(true);
});

// Whoever changes the graph raises graphVersion, or prepared folders keep the old one; then this number follows.
test('the graph of the same weights is the one that this version is known for', async () => {
  await prepare();
  const { 'model.onnx': sum } = await sha256OfFiles(folder);
  expect(sum).toBe('268b9666afbadfca10eac8432adf6ac8c95c386032383ebd2ba196f27c8fd7ee');
});
