import type { LogitsKernel } from './logitsKernel';
import { maskFrom, repetitionPenalty, type LogitsProcessor } from './logitsProcessors';
import type { ResolvedSampling } from './resolveSampling';
import { draw, greedy } from './sampler';
import { seededRandom } from './seededRandom';
import { topK, topP } from './topFilters';

/** Chooses the token after `ids`, which are the prompt and the answer so far. Uses up `logits`. */
export type NextToken = (logits: Float32Array, ids: readonly number[]) => number;

type NextTokenOptions = ResolvedSampling & {
  /** The first id that no answer has: what follows <|im_end|>. */
  firstUnusedId: number;
  kernel: LogitsKernel;
};

/** The processors in the order of Hugging Face's generate(), with what is switched off left out. For one answer: the seed starts anew. */
export function createNextToken(options: NextTokenOptions): NextToken {
  const { kernel } = options;
  const processors: LogitsProcessor[] = [maskFrom(options.firstUnusedId)];
  if (options.repetitionPenalty !== 1) processors.push(repetitionPenalty(options.repetitionPenalty));
  const choose = options.greedy ? greedy : multinomial(options);
  return (logits, ids) => {
    for (const process of processors) process(logits, ids);
    kernel.load(logits);
    return choose(kernel);
  };
}

function multinomial(options: ResolvedSampling): (kernel: LogitsKernel) => number {
  const random = seededRandom(options.seed);
  return (kernel) => {
    if (options.temperature !== 1) kernel.temper(options.temperature);
    let ids: Uint32Array | undefined;
    if (options.topK > 0) ids = topK(kernel, options.topK);
    if (options.topP < 1) ids = topP(kernel, options.topP, ids);
    return draw(kernel, random(), ids);
  };
}
