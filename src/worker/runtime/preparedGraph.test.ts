import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Device, Precision } from '../../shared/precision';
import { floatTypeOn, preparedFormName } from '../../shared/preparedForm';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { buildOrdinaryGraph } from '../graph/ordinaryGraph';
import { checkpointWeights, preparedWeights, weightsInManifest, weightsInShards } from '../graph/weightSource';
import { readGraph } from '../prepare/graphFile';
import { prepareCheckpoint } from '../prepare/prepareCheckpoint';
import type { PreparedFolder } from '../prepare/preparedFolder';
import { openQwenModel, type OpenQwenOptions } from './openQwenModel';
import { QwenModel } from './qwenModel';

const fingerprint = '0123456789abcdef';
const prompt = Array.from({ length: 70 }, (_, i) => (i * 37 + 5) % 512);
/** `seq_length` of the checkpoint. */
const sequenceLength = 512;

let checkpoint: Checkpoint;
let options: Omit<OpenQwenOptions, 'precision' | 'device'>;
beforeEach(async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-graph-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const modelFolder = path.join(root, 'checkpoint');
  await writeRandomCheckpoint(modelFolder, { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 });
  checkpoint = await openCheckpoint(modelFolder, fingerprint);
  options = { modelFolder, preparedFolder: path.join(root, 'prepared'), fingerprint, contextLength: sequenceLength };
});

type Form = { precision: Precision; device: Device };

const prepare = ({ precision, device }: Form): Promise<PreparedFolder> =>
  prepareCheckpoint({
    ...{ checkpoint, precision, floatType: floatTypeOn[device] },
    folder: path.join(options.preparedFolder, preparedFormName(precision, device)),
  });

async function logitsOf(model: QwenModel): Promise<Float32Array> {
  try {
    return (await model.prefill(prompt))!.logits; // null only when it is aborted
  } finally {
    await model.close();
  }
}

const forms: Form[] = [
  { precision: 'bf16', device: 'cpu' },
  { precision: 'int8', device: 'cpu' },
  { precision: 'nf4', device: 'cpu' },
  { precision: 'int4', device: 'cpu' },
  { precision: 'bf16', device: 'gpu' },
  { precision: 'nf4', device: 'gpu' },
];

test.each(forms)(
  '$precision on the $device computes the same from the file as from a graph that is built',
  async (form) => {
    const { precision, device } = form;
    const prepared = await prepare(form);
    const { config } = checkpoint;
    const weights =
      precision === 'bf16' && device === 'cpu'
        ? checkpointWeights(checkpoint)
        : preparedWeights(prepared, checkpoint.tensors.get('transformer.wte.weight')!);
    const setup = { config, weights, device, floatType: floatTypeOn[device], contextLength: 100, chunkLength: 20 };
    const graph = await readGraph(prepared, config);
    const built = await logitsOf(await QwenModel.open(setup));
    expect(await logitsOf(await QwenModel.open({ ...setup, graph: graph! }))).toEqual(built);
  },
);

/** Puts a graph in the place of the prepared one that gives other logits. */
async function replaceGraph({ folder, manifest }: PreparedFolder): Promise<void> {
  const { floatType } = manifest.identity;
  const config = { ...checkpoint.config, normEpsilon: 0.5 };
  const isCopied = Object.keys(manifest.tensors).length > 0;
  const weights = isCopied ? weightsInManifest(manifest) : weightsInShards(checkpoint.tensors);
  const graph = buildOrdinaryGraph({ config, floatType, weights });
  await writeFile(path.join(folder, 'model.onnx'), graph);
  const made = {
    ...manifest.files['model.onnx']!,
    byteLength: graph.byteLength,
    sha256: createHash('sha256').update(graph).digest('hex'),
  };
  const files = { ...manifest.files, 'model.onnx': made };
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files }));
}

const openWith = async (form: Form, contextLength: number) =>
  (await openQwenModel({ ...options, ...form, contextLength })).model;

test.each<Form & { serves: boolean }>([
  { precision: 'bf16', device: 'cpu', serves: true },
  { precision: 'int4', device: 'cpu', serves: true },
  { precision: 'int4', device: 'gpu', serves: false },
])(
  '$precision on the $device: the file is opened, beyond the training length too: $serves',
  async ({ serves, ...form }) => {
    const prepared = await prepare(form);
    const [ordinary, longer] = [sequenceLength, sequenceLength + 1];
    const [right, rightInLonger] = [
      await logitsOf(await openWith(form, ordinary)),
      await logitsOf(await openWith(form, longer)),
    ];
    await replaceGraph(prepared);
    expect(await logitsOf(await openWith(form, ordinary))).not.toEqual(right);
    const inLonger = await logitsOf(await openWith(form, longer));
    if (serves) expect(inLonger).not.toEqual(rightInLonger);
    else expect(inLonger).toEqual(rightInLonger);
  },
);
