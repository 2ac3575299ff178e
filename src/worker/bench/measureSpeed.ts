import { QwenModel, type QwenModelOptions } from '../runtime/qwenModel';

/** Tokens of the prompt, and of the answer after it. */
export type SpeedRequest = { prefill: number; decode: number };

export type Speed = {
  /** From opening the session to a model that can compute. */
  loadMs: number;
  /** From opening the session to the logits after a prompt of one token. */
  loadToFirstTokenMs: number;
  prefillTokensPerSecond: number;
  /** The median of all decoded tokens. */
  decodeMsPerToken: number;
  /** Of the whole process, after the last token. */
  rssBytes: number;
  peakRssBytes: number;
};

/** Opens a model and times it as an answer uses it: load, a prompt, then one token after another. */
export async function measureSpeed(options: QwenModelOptions, request: SpeedRequest): Promise<Speed> {
  const start = performance.now();
  const model = await QwenModel.open(options);
  try {
    const loadMs = performance.now() - start;
    await model.prefill([1]);
    const loadToFirstTokenMs = performance.now() - start;
    const { prefillMs, decodeMs } = await timeAnswer(model, request);
    return {
      loadMs,
      loadToFirstTokenMs,
      prefillTokensPerSecond: (request.prefill / prefillMs) * 1000,
      decodeMsPerToken: decodeMs.toSorted((a, b) => a - b)[Math.floor((decodeMs.length - 1) / 2)]!,
      rssBytes: process.memoryUsage.rss(),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await model.close();
  }
}

/** Times one answer; another `round` has another prompt, so that no cached prefix shortens it. */
export async function timeAnswer(
  model: Pick<QwenModel, 'config' | 'prefill' | 'decode'>,
  { prefill, decode }: SpeedRequest,
  round = 0,
): Promise<{ prefillMs: number; decodeMs: number[] }> {
  const { vocabularySize } = model.config;
  const id = (i: number) => (i * 37 + round * 11 + 2) % vocabularySize;
  const start = performance.now();
  await model.prefill(Array.from({ length: prefill }, (_, i) => id(i)));
  const prefillMs = performance.now() - start;
  const decodeMs: number[] = [];
  for (let i = 0; i < decode; i++) {
    const before = performance.now();
    await model.decode(id(prefill + i));
    decodeMs.push(performance.now() - before);
  }
  return { prefillMs, decodeMs };
}
