import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Precision } from '../../shared/precision';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { tinyWeights, writeTinyCheckpoint } from '../checkpoint/tinyCheckpoint.test-support';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import tiny32 from '../golden/tinyQwen32.json' with { type: 'json' };
import { openQwenModel } from './openQwenModel';

const { ids } = tiny32.prefill[8];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-not-finite-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** In bf16 nothing is prepared on the CPU, and so nothing is looked at, before a model is opened. */
async function openOnCpu(modelFolder: string, precision: Precision) {
  const preparedFolder = await temporaryFolder();
  const form = { precision, device: 'cpu', contextLength: 64, fingerprint: null } as const;
  const { model } = await openQwenModel({ modelFolder, preparedFolder, ...form });
  onTestFinished(() => model.close());
  return model;
}

test.each([
  ['lm_head.weight', 'model-00002-of-00002.safetensors'],
  ['transformer.h.1.ln_2.weight', 'model-00002-of-00002.safetensors'],
  ['transformer.wte.weight', 'model-00001-of-00002.safetensors'],
])('a NaN in %s is told with the tensor and its file', async (tensor, file) => {
  const folder = await temporaryFolder();
  await writeRandomCheckpoint(folder, { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 64 });
  const stored = (await openCheckpoint(folder)).tensors.get(tensor)!;
  const handle = await open(stored.file, 'r+');
  await handle.write(Uint8Array.of(0xc0, 0x7f), 0, 2, stored.offset); // bfloat16's NaN, little-endian
  await handle.close();
  const model = await openOnCpu(folder, 'bf16');
  await expect(model.prefill([0, ...ids])).rejects.toMatchObject({
    code: 'checkpoint.notFinite',
    params: { tensor, file },
  });
});

test('activations that overflow are told as such, and the weights are looked at only once', async () => {
  const weights = new Map(tinyWeights(tiny32.config, tiny32.weight_scale));
  const head = weights.get('lm_head.weight')!;
  const largest = Math.max(...head.values.map(Math.abs));
  weights.set('lm_head.weight', { ...head, values: head.values.map((value) => (value / largest) * 3.4e38) });
  const folder = await writeTinyCheckpoint(tiny32.config, weights);
  const model = await openOnCpu(folder, 'bf16');
  await expect(model.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
  await rm(path.join(folder, 'model.safetensors'));
  await expect(model.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
});

test.each([-1e5, 1e5])(
  'a key of %d, which float16 has not, is an overflow beside quantized weights alone',
  async (key) => {
    const weights = new Map(tinyWeights(tiny32.config, tiny32.weight_scale));
    const name = 'transformer.h.0.attn.c_attn.bias';
    const bias = weights.get(name)!;
    const { hidden_size: hidden } = tiny32.config;
    weights.set(name, { ...bias, values: bias.values.with(hidden + 3, key) }); // query, key, value
    const folder = await writeTinyCheckpoint(tiny32.config, weights);
    const whole = await (await openOnCpu(folder, 'bf16')).prefill(ids);
    expect(whole!.logits.every(Number.isFinite)).toBe(true);
    const quantized = await openOnCpu(folder, 'int8');
    await expect(quantized.prefill(ids)).rejects.toMatchObject({ code: 'generation.notFinite' });
  },
);
