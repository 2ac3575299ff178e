import { z } from 'zod';
import { perplexity as measure, targetsOf } from '../worker/generation/perplexity';
import type { Command } from './command';
import { readInput } from './input';
import { modelOptions, modelUsage } from './modelOptions';
import { writeLine } from './output';
import { withQwenModel } from './withQwenModel';

const position = z.int().min(0);
const Input = z
  .object({
    sequences: z.array(z.array(position).min(1)).min(1),
    spans: z.array(z.array(z.tuple([position, position]))).optional(),
  })
  .refine(({ sequences, spans }) => spans === undefined || spans.length === sequences.length, {
    path: ['spans'],
    message: 'expected one list of spans for each sequence',
    abort: true,
  })
  .refine(({ sequences, spans }) => targetsOf(sequences, spans).some(({ size }) => size > 0), {
    path: ['sequences'],
    message: 'expected a token that has one before it, within the spans if there are any',
  });

/** How well the model foresees sequences of ids. */
export const perplexity: Command = {
  usage: modelUsage,
  data: '{"sequences": [[ids], ...], "spans"?: [[[start, end], ...], ...]} → {"meanNll", "tokens"}',
  options: modelOptions,
  async run(options) {
    const { sequences, spans } = await readInput(Input);
    const longest = sequences.reduce((most, ids) => Math.max(most, ids.length), 0);
    await writeLine(await withQwenModel(options, longest, (model) => measure(model, sequences, spans)));
  },
};
