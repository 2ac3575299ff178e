import { z } from 'zod';
import { ChatTurn, SamplingOptions } from '../shared/generation';
import { openChatModel } from '../worker/chat/openChatModel';
import type { Command } from './command';
import { readInput } from './input';
import { modelOptions, modelUsage, readModelOptions } from './modelOptions';
import type { Options } from './options';
import { writeLine } from './output';

/** One answer, as it is written. */
export const generate: Command = {
  usage: `${modelUsage} [--greedy] [--seed N] [--max-new-tokens N]
      [--temperature T] [--top-p P] [--top-k K] [--repetition-penalty R]`,
  data: '{"messages": [...]} → lines {"type": "delta", "text"} and at last {"type": "done", "text", "ids", "finishReason", "stats"}',
  options: {
    ...modelOptions,
    greedy: 'flag',
    seed: 'value',
    'max-new-tokens': 'value',
    temperature: 'value',
    'top-p': 'value',
    'top-k': 'value',
    'repetition-penalty': 'value',
  },
  async run(options) {
    const sampling = readSampling(options);
    const setup = await readModelOptions(options);
    const { messages } = await readInput(z.object({ messages: z.array(ChatTurn) }));
    const { signal } = new AbortController();
    const model = await openChatModel({ ...setup, forms: null, proof: null, measurements: [], signal });
    try {
      const written: Promise<void>[] = [];
      const { text, ids, finishReason, stats } = await model.answer(messages, sampling, {
        signal,
        onPrefill: () => undefined,
        onDelta: (text) => written.push(writeLine({ type: 'delta', text })),
      });
      await Promise.all(written);
      await writeLine({ type: 'done', text, ids, finishReason, stats });
    } finally {
      await model.close();
    }
  },
};

/** What was given, within the bounds that hold in the app too; the rest follows the model. */
function readSampling(options: Options): SamplingOptions {
  const bounds = SamplingOptions.required().shape;
  const { seed, maxNewTokens, temperature, topP, topK, repetitionPenalty } = bounds;
  const given = {
    greedy: options.has('greedy') || undefined,
    seed: options.number('seed', seed),
    maxNewTokens: options.number('max-new-tokens', maxNewTokens),
    temperature: options.number('temperature', temperature),
    topP: options.number('top-p', topP),
    topK: options.number('top-k', topK),
    repetitionPenalty: options.number('repetition-penalty', repetitionPenalty),
  };
  return SamplingOptions.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}
