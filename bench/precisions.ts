import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Precision } from '../src/shared/precision';
import { openQwenModel } from '../src/worker/runtime/openQwenModel';
import type { QwenModel } from '../src/worker/runtime/qwenModel';
import { median } from './median';

const modelFolder = path.resolve(import.meta.dirname, '../assets/demo-model');
const promptLength = 256;
const decodedTokens = 64;
const rounds = 5;

type Timing = { prefillMs: number; decodeMs: number };

/** The demo model at every precision on the CPU, in turns within one run, as ratios to bf16: on a shared machine absolute times mean
 *  little. How the formats compare for a 7B model is another matter: there memory bandwidth decides. */
export async function benchPrecisions(): Promise<void> {
  const preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-bench-'));
  const models = new Map<Precision, QwenModel>();
  for (const precision of Precision.options) {
    const options = {
      modelFolder,
      preparedFolder,
      fingerprint: null,
      precision,
      device: 'cpu',
      contextLength: 512,
    } as const;
    models.set(precision, (await openQwenModel(options)).model);
  }
  const timings = new Map<Precision, Timing[]>(Precision.options.map((precision) => [precision, []]));
  for (let round = 0; round < rounds; round++)
    for (const [precision, model] of models) timings.get(precision)!.push(await timeOnce(model, round));
  report(timings);
  for (const model of models.values()) await model.close();
  await rm(preparedFolder, { recursive: true });
}

/** A prompt that differs from round to round from its first token on, so that no cached prefix helps. */
async function timeOnce(model: QwenModel, round: number): Promise<Timing> {
  const prompt = Array.from({ length: promptLength }, (_, i) => (i * 31 + round * 7 + 1) % 3000);
  const start = performance.now();
  await model.prefill(prompt);
  const prefilled = performance.now();
  for (let i = 0; i < decodedTokens; i++) await model.decode((i * 17) % 3000);
  return { prefillMs: prefilled - start, decodeMs: (performance.now() - prefilled) / decodedTokens };
}

function report(timings: ReadonlyMap<Precision, readonly Timing[]>): void {
  const of = (precision: Precision, part: keyof Timing) =>
    median(timings.get(precision)!.map((timing) => timing[part]));
  console.log('precision  prefill tok/s  × bf16   decode ms/token  × bf16');
  for (const precision of Precision.options) {
    const prefillMs = of(precision, 'prefillMs');
    const decodeMs = of(precision, 'decodeMs');
    const columns = [
      precision.padEnd(9),
      ((promptLength / prefillMs) * 1000).toFixed(0).padStart(13),
      (of('bf16', 'prefillMs') / prefillMs).toFixed(2).padStart(7),
      decodeMs.toFixed(2).padStart(17),
      (decodeMs / of('bf16', 'decodeMs')).toFixed(2).padStart(7),
    ];
    console.log(columns.join(' '));
  }
}
