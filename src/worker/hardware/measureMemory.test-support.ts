import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Precision } from '../../shared/precision';
import { benchConfig } from '../bench/benchShape';
import { openRandomModel } from '../bench/randomModel';
import { openCheckpoint } from '../checkpoint/checkpoint';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { checkpointWeights, type WeightSource } from '../graph/weightSource';
import { QwenModel } from '../runtime/qwenModel';

type Model = { config: QwenConfig; weights: WeightSource };

const layerOf7b = { ...benchConfig('qwen-7b', 1), vocabularySize: 4096 };
/** Next to no weights. */
const smallest = { ...layerOf7b, hiddenSize: 128, heads: 1, feedForwardSize: 128, vocabularySize: 512 };

/** A program for Linux and --expose-gc: opens a model in a process of its own, computes a prompt, and prints the peak of its memory in
 *  bytes, less what the process takes that has done the same with the smallest model: ONNX Runtime's code, compiled JavaScript,
 *  threads. Arguments: precision, a folder for random weights, tokens, and a checkpoint where it is not to be a layer of Qwen-7B. */
async function main(): Promise<void> {
  const [precision, folder, tokens, checkpoint] = process.argv.slice(2);
  const measured = checkpoint ? await plainModel(checkpoint) : await randomModel(precision!, folder!, layerOf7b);
  await (await compute(await randomModel(precision!, folder!, smallest), 128)).close();
  globalThis.gc!();
  const before = memory('VmRSS');
  // The peak begins anew: proc(5). That of resourceUsage() begins with the peak of whoever started this process.
  writeFileSync('/proc/self/clear_refs', '5');
  const model = await compute(measured, Number(tokens));
  process.stdout.write(JSON.stringify({ bytes: memory('VmHWM') - before }));
  await model.close();
}

async function compute({ config, weights }: Model, tokens: number): Promise<QwenModel> {
  const setup = { device: 'cpu', floatType: 'float32', contextLength: tokens } as const;
  const model = await QwenModel.open({ config, weights, ...setup });
  await model.prefill(Array.from({ length: tokens }, (_, i) => (i * 7) % 512));
  return model;
}

/** In bytes: what is resident, or was at most. */
function memory(line: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))!;
  return Number(kilobytes) * 1024;
}

const randomModel = (precision: string, folder: string, config: QwenConfig): Promise<Model> =>
  openRandomModel({
    config,
    precision: Precision.parse(precision),
    floatType: 'float32',
    folder: path.join(folder, String(config.hiddenSize)),
  });

async function plainModel(folder: string): Promise<Model> {
  const checkpoint = await openCheckpoint(folder);
  return { config: checkpoint.config, weights: checkpointWeights(checkpoint) };
}

void main();
