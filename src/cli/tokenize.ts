import { z } from 'zod';
import { QwenTokenizer } from '../worker/tokenizer/qwenTokenizer';
import type { Command } from './command';
import { readInput } from './input';
import { writeLine } from './output';

/** Texts → token ids of ordinary text. */
export const tokenize: Command = {
  usage: '--model DIR',
  data: '["text", ...] → [[ids], ...]',
  options: { model: 'value' },
  async run(options) {
    const tokenizer = await QwenTokenizer.open(options.required('model'));
    const texts = await readInput(z.array(z.string()));
    await writeLine(texts.map((text) => tokenizer.encode(text)));
  },
};
