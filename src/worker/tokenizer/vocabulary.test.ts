import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { parseVocabulary, readVocabulary, specialTokens } from './vocabulary';

/** A vocabulary of the 256 bytes, and what else is given. */
const lines = (...more: string[]) => [
  ...Array.from({ length: 256 }, (_, byte) => `${Buffer.of(byte).toString('base64')} ${byte}`),
  ...more,
];
const file = (...more: string[]) => lines(...more).join('\n') + '\n';
const damagedAt = (line: number) => new AppError('tokenizer.invalidVocabulary', { file: 'qwen.tiktoken', line });

describe('a vocabulary', () => {
  test('has the bytes of each token under its rank', () => {
    const { ranks } = parseVocabulary(file('5L2g 256')); // base64 of 你 in UTF-8
    expect(ranks).toHaveLength(257);
    expect([...ranks[256]!]).toEqual([0xe4, 0xbd, 0xa0]);
    expect([...ranks[65]!]).toEqual([65]);
  });

  test('may list its ranks in any order and have Windows line ends', () => {
    expect(parseVocabulary(lines().reverse().join('\r\n')).ranks[7]).toEqual(Buffer.of(7));
  });

  test.each([
    ['a line without a rank', file('5L2g'), 257],
    ['an empty line', file('', '5L2g 256'), 257],
    ['a rank that is no number', file('5L2g x'), 257],
    ['a negative rank', file('5L2g -1'), 257],
    ['a rank beyond the number of lines', file('5L2g 257'), 257],
    ['a rank given twice', file('5L2g 255'), 257],
    ['a token given twice', file('IQ== 256'), 257],
    ['a token without bytes', file(' 256'), 257],
    ['base64 that is cut off', file('5L2 256'), 257],
    ['base64 with stray bits', file('IR== 256'), 257],
    ['another format', '{"model": {}}', 1],
    ['nothing', '', 1],
    ['not all of the 256 bytes', lines().slice(0, 255).join('\n'), 256],
  ])('is refused with the line if it has %s', (_, text, line) => {
    expect(() => parseVocabulary(text)).toThrow(damagedAt(line));
  });

  test('is missed by name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vocabulary-'));
    await expect(readVocabulary(folder)).rejects.toThrow(
      new AppError('checkpoint.missingFile', { file: 'qwen.tiktoken' }),
    );
  });
});

test('the control tokens are the 208 of tokenization_qwen.py', () => {
  expect(specialTokens).toHaveLength(208);
  expect(specialTokens.slice(0, 4)).toEqual(['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|extra_0|>']);
  expect(specialTokens.at(-1)).toBe('<|extra_204|>');
});
