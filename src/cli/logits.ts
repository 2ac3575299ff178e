import { z } from 'zod';
import type { Command } from './command';
import { readInput } from './input';
import { modelOptions, modelUsage } from './modelOptions';
import { writeLine } from './output';
import { withQwenModel } from './withQwenModel';

const Input = z.object({ ids: z.array(z.int().min(0)).min(1), top: z.int().min(1).default(20) });

/** The best logits after the last of some ids. */
export const logits: Command = {
  usage: modelUsage,
  data: '{"ids": [...], "top": 20} → {"top": [[id, logit], ...]}',
  options: modelOptions,
  async run(options) {
    const { ids, top } = await readInput(Input);
    const result = await withQwenModel(options, ids.length, (model) => model.prefill(ids));
    if (result === null) throw new Error('a prefill that nothing can abort was aborted');
    await writeLine({ top: best(result.logits, top) });
  },
};

/** Pairs of id and logit, the highest first, lower ids first where they are equal. */
const best = (logits: Float32Array, count: number): [id: number, logit: number][] =>
  Array.from(logits, (logit, id): [number, number] => [id, logit])
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, count);
