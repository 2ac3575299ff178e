import { randomInt } from 'node:crypto';
import type { SamplingOptions } from '../../shared/generation';
import type { GenerationConfig } from '../checkpoint/generationConfig';

/** Sampling options with nothing left open. */
export type ResolvedSampling = { [Option in keyof SamplingOptions]-?: NonNullable<SamplingOptions[Option]> };

/** What the user left open follows the model; a seed left open is drawn, so that the answer can be repeated. */
export function resolveSampling(options: SamplingOptions, config: GenerationConfig): ResolvedSampling {
  return {
    greedy: options.greedy ?? !config.doSample,
    seed: options.seed ?? randomInt(2 ** 32),
    maxNewTokens: options.maxNewTokens ?? config.maxNewTokens,
    temperature: options.temperature ?? config.temperature,
    topP: options.topP ?? config.topP,
    topK: options.topK ?? config.topK,
    repetitionPenalty: options.repetitionPenalty ?? config.repetitionPenalty,
  };
}
