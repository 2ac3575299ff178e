import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { parseQwenConfig } from './qwenConfig';
import { expectedTensors, type ExpectedTensor } from './qwenTensors';

/** Tensors by name, as plain numbers. */
export type TinyWeights = ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>;

/** The seeded weights that tinyQwen.json and tinyQwen32.json were computed with: tensor k (from 1, in the order of the
 *  forward pass) takes a linear congruential generator from seed k; norms are 1 + 0.2r, the bias 0.1r, wte r, the other
 *  weights `weightScale` · r with r in [-1, 1). */
export function tinyWeights(config: Record<string, unknown>, weightScale: number): TinyWeights {
  const scales: Record<ExpectedTensor['kind'], (r: number) => number> = {
    norm: (r) => 1 + 0.2 * r,
    bias: (r) => 0.1 * r,
    embedding: (r) => r,
    linear: (r) => weightScale * r,
    head: (r) => weightScale * r,
  };
  const tensors = expectedTensors(parseQwenConfig(config)).map(({ name, shape, kind }, index) => {
    let x = index + 1;
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      return scales[kind](((x >>> 8) / 2 ** 24) * 2 - 1);
    });
    return [name, { shape, values }] as const;
  });
  return new Map(tensors);
}

/** Writes a float32 checkpoint folder of one safetensors file, gone when the test is, and returns the folder. */
export async function writeTinyCheckpoint(config: Record<string, unknown>, weights: TinyWeights): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-tiny-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(path.join(folder, 'model.safetensors'), safetensors(weights));
  return folder;
}

/** The bytes of a safetensors file with float32 tensors. */
export function safetensors(weights: TinyWeights): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { shape, values }] of weights) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...[...weights.values()].map(({ values }) => Buffer.from(values.buffer))]);
}
