import type { Precision } from '../../src/shared/precision';
import { benchConfig } from '../../src/worker/bench/benchShape';
import { timeAnswer } from '../../src/worker/bench/measureSpeed';
import { openRandomModel } from '../../src/worker/bench/randomModel';
import { longestRightChunk } from '../../src/worker/runtime/gpuPrefillCheck';
import { QwenModel } from '../../src/worker/runtime/qwenModel';
import { median } from '../median';

export type SpeedWish = {
  precision: Precision;
  layers: number;
  /** Lengths of the prompts, each followed by `decode` tokens. */
  prefills: readonly number[];
  decode: number;
  /** Measured answers of each length; their medians count. */
  rounds: number;
  contextLength: number;
  /** Null: what the engine's own check of the GPU's attention chooses. */
  chunkLength: number | null;
  /** Where the random weights are kept. */
  folder: string;
};

export type GpuSpeed = {
  weightsBytes: number;
  chunkLength: number;
  /** What choosing the chunk took; null where it was given. */
  chunkCheckMs: number | null;
  loadMs: number;
  /** From opening the session, which excludes the chunk's check, to the logits after a prompt of one token. */
  loadToFirstTokenMs: number;
  answers: AnswerSpeed[];
  /** Of the process, in the computer's own memory. */
  peakRssBytes: number;
};

export type AnswerSpeed = {
  prefill: number;
  prefillTokensPerSecond: number;
  decodeMsPerToken: number;
  /** Weights, and keys and values of the tokens before it. */
  decodeReadBytes: number;
};

/** Times Qwen-7B's shape at one precision on the GPU. A first answer of each length compiles shaders and is not counted. */
export async function measureSpeedOnGpu(wish: SpeedWish): Promise<GpuSpeed> {
  const { precision, layers, contextLength, folder } = wish;
  const config = benchConfig('qwen-7b', layers);
  const floatType = 'float16';
  const { weights, weightsBytes } = await openRandomModel({ config, precision, floatType, folder });
  const checkStart = performance.now();
  const chunkLength = wish.chunkLength ?? (await longestRightChunk({ headSize: config.headSize, floatType }));
  const start = performance.now();
  const model = await QwenModel.open({ config, weights, device: 'gpu', floatType, contextLength, chunkLength });
  const loadMs = performance.now() - start;
  await model.prefill([1]);
  const loadToFirstTokenMs = performance.now() - start;
  const answers: AnswerSpeed[] = [];
  for (const prefill of wish.prefills) answers.push(await timeAnswers(model, prefill, { ...wish, weightsBytes }));
  await model.close();
  return {
    weightsBytes,
    chunkLength,
    chunkCheckMs: wish.chunkLength === null ? start - checkStart : null,
    loadMs,
    loadToFirstTokenMs,
    answers,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function timeAnswers(
  model: QwenModel,
  prefill: number,
  { decode, rounds, weightsBytes }: SpeedWish & { weightsBytes: number },
): Promise<AnswerSpeed> {
  const request = { prefill, decode };
  await timeAnswer(model, { prefill, decode: 1 }, rounds);
  const answers = [];
  for (let round = 0; round < rounds; round++) answers.push(await timeAnswer(model, request, round));
  const { layers, hiddenSize } = model.config;
  return {
    prefill,
    prefillTokensPerSecond: (prefill / median(answers.map(({ prefillMs }) => prefillMs))) * 1000,
    decodeMsPerToken: median(answers.flatMap(({ decodeMs }) => decodeMs)),
    decodeReadBytes: weightsBytes + 2 * layers * hiddenSize * 2 * (prefill + decode / 2),
  };
}
