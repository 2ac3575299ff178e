import { expect, test } from 'vitest';
import golden from '../golden/demoModel.json';
import { QwenTokenizer } from './qwenTokenizer';
import { StreamingDetokenizer } from './streamingDetokenizer';

const overBytes = (...tokens: number[][]) => new StreamingDetokenizer((id) => Uint8Array.from(tokens[id]!));

test('a character split over two tokens comes out once, whole', () => {
  // Qwen ids 51461 and 117, from QwenLM/Qwen tokenization_note.md
  const detokenizer = overBytes([0x20, 0xe6, 0xa0], [0xb9]);
  expect(detokenizer.push(0)).toBe(' ');
  expect(detokenizer.push(1)).toBe('根');
  expect(detokenizer.end()).toBe('');
});

test('an emoji of four single bytes appears with the last of them', () => {
  const detokenizer = overBytes([0xf0], [0x9f], [0x98], [0x80]);
  expect([0, 1, 2, 3].map((id) => detokenizer.push(id))).toEqual(['', '', '', '😀']);
});

test('a character that is never finished becomes U+FFFD at the end', () => {
  const detokenizer = overBytes([0xe6, 0xa0]);
  expect(detokenizer.push(0)).toBe('');
  expect(detokenizer.end()).toBe('\ufffd');
});

test('a character given up for another becomes U+FFFD before it', () => {
  const detokenizer = overBytes([0xe6, 0xa0], [0x41]);
  expect(detokenizer.push(0) + detokenizer.push(1)).toBe('\ufffdA');
});

test('a byte order mark at the beginning stays', () => {
  expect(overBytes([0xef, 0xbb, 0xbf, 0x41]).push(0)).toBe('\ufeffA');
});

test('the pieces of a text joined are the text of the reference', async () => {
  const tokenizer = await QwenTokenizer.open(`${import.meta.dirname}/../../../assets/demo-model`);
  for (const { ids, text } of [...golden.decode, ...golden.tokenizer]) {
    const detokenizer = new StreamingDetokenizer((id) => tokenizer.tokenBytes(id));
    expect(ids.map((id) => detokenizer.push(id)).join('') + detokenizer.end()).toBe(text);
  }
});
