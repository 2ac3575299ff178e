import { maskFrom, repetitionPenalty, temperature, type LogitsProcessor } from './logitsProcessors';
import type { ResolvedSampling } from './resolveSampling';
import { greedy, multinomial } from './sampler';
import { seededRandom } from './seededRandom';
import { topK, topP } from './topFilters';

/** Chooses the token after `ids`, which are the prompt and the answer so far. Uses up `logits`. */
export type NextToken = (logits: Float32Array, ids: readonly number[]) => number;

type NextTokenOptions = ResolvedSampling & {
  /** The first id that no answer has: what follows <|im_end|>. */
  firstUnusedId: number;
};

/** The processors in the order of Hugging Face's generate(), with what is switched off left out. For one answer: the seed starts anew. */
export function createNextToken(options: NextTokenOptions): NextToken {
  const processors: LogitsProcessor[] = [maskFrom(options.firstUnusedId)];
  if (options.repetitionPenalty !== 1) processors.push(repetitionPenalty(options.repetitionPenalty));
  if (!options.greedy) {
    if (options.temperature !== 1) processors.push(temperature(options.temperature));
    if (options.topK > 0) processors.push(topK(options.topK));
    if (options.topP < 1) processors.push(topP(options.topP));
  }
  const sampler = options.greedy ? greedy : multinomial(seededRandom(options.seed));
  return (logits, ids) => {
    for (const process of processors) process(logits, ids);
    return sampler(logits);
  };
}
