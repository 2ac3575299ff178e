import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ChatTurn } from '../../shared/generation';
import { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { buildPrompt } from './buildPrompt';
import { fitPrompt } from './fitPrompt';

let tokenizer: QwenTokenizer;
beforeAll(async () => {
  tokenizer = await QwenTokenizer.open(path.resolve(import.meta.dirname, '../../../assets/demo-model'));
});

const turns: ChatTurn[] = [
  ...Array.from({ length: 20 }, (_, i): ChatTurn[] => [
    { role: 'user', content: `Question number ${i}` },
    { role: 'assistant', content: `Answer number ${i}` },
  ]).flat(),
  { role: 'user', content: 'The last question' },
];

test('a prompt that leaves room for the answer is Qwen’s own', () => {
  const limits = { maxWindowSize: 512, contextLength: 2048, maxNewTokens: 320 };
  expect(fitPrompt(turns, tokenizer, limits)).toEqual(buildPrompt(turns, { tokenizer, maxWindowSize: 512 }));
});

test('where the context is small, history gives way to the answer', () => {
  const limits = { maxWindowSize: 24_000, contextLength: 256, maxNewTokens: 512 };
  const { ids, droppedTurns } = fitPrompt(turns, tokenizer, limits);
  expect(ids.length).toBeLessThanOrEqual(256 - 64); // a quarter of the context stays free
  expect(droppedTurns).toBeGreaterThan(0);
  expect(droppedTurns).toBeLessThan(20);
});

test('a question that leaves no room is refused', () => {
  const limits = { maxWindowSize: 512, contextLength: 32, maxNewTokens: 512 };
  expect(() => fitPrompt(turns, tokenizer, limits)).toThrow(expect.objectContaining({ code: 'prompt.tooLong' }));
});
