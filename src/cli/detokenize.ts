import { z } from 'zod';
import { QwenTokenizer } from '../worker/tokenizer/qwenTokenizer';
import type { Command } from './command';
import { readInput } from './input';
import { writeLine } from './output';

/** Token ids → texts; control tokens appear by name. */
export const detokenize: Command = {
  usage: '--model DIR',
  data: '[[ids], ...] → ["text", ...]',
  options: { model: 'value' },
  async run(options) {
    const tokenizer = await QwenTokenizer.open(options.required('model'));
    const sequences = await readInput(z.array(z.array(z.number())));
    await writeLine(sequences.map((ids) => tokenizer.decode(ids)));
  },
};
