import { z } from 'zod';
import { ChatTurn } from '../shared/generation';
import { buildPrompt } from '../worker/chat/buildPrompt';
import { readGenerationConfig } from '../worker/checkpoint/generationConfig';
import { QwenTokenizer } from '../worker/tokenizer/qwenTokenizer';
import type { Command } from './command';
import { readInput } from './input';
import { writeLine } from './output';

/** A conversation → the ids that the model would be given. */
export const prompt: Command = {
  usage: '--model DIR [--max-window N]',
  data: '{"messages": [{"role", "content"}, ...]} → {"ids", "droppedTurns"}',
  options: { model: 'value', 'max-window': 'value' },
  async run(options) {
    const folder = options.required('model');
    const window = options.number('max-window', z.int().nonnegative());
    const tokenizer = await QwenTokenizer.open(folder);
    const maxWindowSize = window ?? (await readGenerationConfig(folder)).maxWindowSize;
    const { messages } = await readInput(z.object({ messages: z.array(ChatTurn) }));
    await writeLine(buildPrompt(messages, { tokenizer, maxWindowSize }));
  },
};
