import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { GenerationStats } from '../shared/generation';
import golden from '../worker/golden/demoModel.json';
import { demoModel, runCli } from './runCli.test-support';

const bf16 = ['--model', demoModel, '--precision', 'bf16', '--device', 'cpu'];
const int8 = ['--model', demoModel, '--precision', 'int8', '--device', 'cpu'];

describe('logits', () => {
  const Output = z.strictObject({ top: z.array(z.tuple([z.int(), z.number()])) });

  test.each([
    ['a prompt', golden.prompts[0]!.prompt_ids, golden.prompts[0]!.last_logits_top20],
    ['a sequence longer than those of the training', golden.ntk_logn.ids, golden.ntk_logn.last_logits_top20],
  ])('after %s are those of the reference', async (_, ids, expected) => {
    const { exitCode, lines } = await runCli(['logits', ...bf16], { ids, top: 20 });
    expect(exitCode).toBe(0);
    const { top } = Output.parse(lines[0]);
    expect(top.map(([id]) => id)).toEqual(expected.map(([id]) => id));
    top.forEach(([, logit], place) => expect(Math.abs(logit - expected[place]![1]!)).toBeLessThan(1e-3));
  });

  test('in int8 stay close to it', async () => {
    const { prompt_ids: ids, last_logits_top20: expected } = golden.prompts[0]!;
    const { lines } = await runCli(['logits', ...int8], { ids, top: 1 });
    const [best] = Output.parse(lines[0]).top;
    expect(best![0]).toBe(expected[0]![0]);
    expect(Math.abs(best![1] - expected[0]![1]!)).toBeLessThan(0.5);
  });

  test.each([
    [{ ids: [4096] }, 'tokenizer.invalidTokenId'],
    [{ ids: [] }, 'cli.invalidInput'],
    [{ ids: [1], top: 0 }, 'cli.invalidInput'],
  ])('of %j are refused', async (input, code) => {
    expect(await runCli(['logits', ...bf16], input)).toMatchObject({ exitCode: 1, lines: [{ error: { code } }] });
  });
});

describe('perplexity', () => {
  const Output = z.strictObject({ meanNll: z.number(), tokens: z.int() });
  const { text_ids: sequences, reply_spans: spans } = golden.perplexity;

  test('of every token, and of the replies, is that of the reference', async () => {
    const all = Output.parse((await runCli(['perplexity', ...bf16], { sequences })).lines[0]);
    expect(all.tokens).toBe(golden.perplexity.tokens);
    expect(Math.abs(all.meanNll - golden.perplexity.mean_nll)).toBeLessThan(1e-4);
    const replies = Output.parse((await runCli(['perplexity', ...bf16], { sequences, spans })).lines[0]);
    expect(replies.tokens).toBe(golden.perplexity.reply_tokens);
    expect(Math.abs(replies.meanNll - golden.perplexity.reply_mean_nll)).toBeLessThan(1e-4);
  });

  test.each([[{ sequences: [[5]] }], [{ sequences: [[5, 6]], spans: [[[0, 1]]] }]])(
    'has no value for %j',
    async (input) => {
      const { exitCode, lines } = await runCli(['perplexity', ...bf16], input);
      expect(exitCode).toBe(1);
      expect(JSON.stringify(lines)).toContain('sequences: expected a token that has one before it');
    },
  );

  test('wants spans for each sequence', async () => {
    const problem = 'spans: expected one list of spans for each sequence';
    expect(await runCli(['perplexity', ...bf16], { sequences, spans: [] })).toMatchObject({
      lines: [
        { error: { message: `The input is not what this command takes: ${problem}. Correct it and run again.` } },
      ],
    });
  });
});

describe('generate', () => {
  const Delta = z.strictObject({ type: z.literal('delta'), text: z.string().min(1) });
  const Done = z.strictObject({
    type: z.literal('done'),
    text: z.string(),
    ids: z.array(z.int()),
    finishReason: z.string(),
    stats: GenerationStats,
  });
  const answer = async (options: readonly string[], input: unknown) => {
    const { exitCode, lines } = await runCli(['generate', ...options], input);
    expect(exitCode).toBe(0);
    const text = lines.slice(0, -1).map((line) => Delta.parse(line).text);
    const done = Done.parse(lines.at(-1));
    expect(done.text).toBe(text.join(''));
    return done;
  };

  test('greedily gives the answer of the reference', async () => {
    const { messages, greedy_ids, greedy_text } = golden.prompts[0]!; // it ends with <|im_end|>
    const done = await answer([...bf16, '--greedy', '--temperature', '9', '--top-p', '1'], { messages });
    expect(done).toMatchObject({ text: greedy_text, ids: greedy_ids.slice(0, -1), finishReason: 'stop' });
    expect(done.stats).toMatchObject({ promptTokens: 26, newTokens: 5, precision: 'bf16', device: 'cpu' });
  });

  test('stops at the limit, and repeats itself for the same seed', async () => {
    const { messages } = golden.prompts[1]!;
    const options = [...int8, '--seed', '7', '--temperature', '2', '--top-p', '1', '--max-new-tokens', '12'];
    const first = await answer(options, { messages });
    expect(first).toMatchObject({ finishReason: 'length', stats: { newTokens: 12, seed: 7 } });
    expect((await answer(options, { messages })).ids).toEqual(first.ids);
  });

  test.each([
    [['generate', '--model', demoModel, '--device', 'cpu'], 'cli.usage', '--precision is missing'],
    [
      ['generate', '--model', demoModel, '--precision', 'int7', '--device', 'cpu'],
      'cli.usage',
      '--precision int7 is wrong',
    ],
    [['generate', ...bf16, '--top-p', '2'], 'cli.usage', '--top-p 2 is wrong'],
    [['generate', ...bf16, '--greedy=1'], 'cli.usage', '--greedy takes no value'],
    [['generate', '--model', '/no/such', '--precision', 'int8', '--device', 'cpu'], 'model.notFound', '/no/such'],
  ])('%j is refused', async (args, code, part) => {
    const { exitCode, lines } = await runCli(args, { messages: [{ role: 'user', content: '你好' }] });
    expect(exitCode).toBe(1);
    expect(lines).toMatchObject([{ error: { code } }]);
    expect(JSON.stringify(lines)).toContain(part);
  });
});
