import { Tiktoken } from 'tiktoken';
import { beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import demoGolden from '../golden/demoModel.json';
import golden from '../golden/tokenizer.json';
import { officialVocabularyFolder } from './officialVocabulary.test-support';
import { QwenTokenizer } from './qwenTokenizer';
import { splitPattern } from './splitPattern';
import { readVocabulary, specialTokens } from './vocabulary';

const demoFolder = `${import.meta.dirname}/../../../assets/demo-model`;

let qwen: QwenTokenizer;
let demo: QwenTokenizer;
beforeAll(async () => {
  qwen = await QwenTokenizer.open(await officialVocabularyFolder());
  demo = await QwenTokenizer.open(demoFolder);
});

describe("Qwen's vocabulary", () => {
  test.each(golden.encode.map(({ text, none }) => [JSON.stringify(text), text, none] as const))(
    'encodes %s as the reference does',
    (_, text, ids) => {
      expect(qwen.encode(text)).toEqual(ids);
      expect(qwen.decode(ids)).toBe(text.normalize('NFC'));
    },
  );

  test('has the control tokens of the reference, which cut the text where they are inserted', () => {
    const names = /(<\|(?:endoftext|im_start|im_end|extra_(?:1?\d?\d|20[0-4]))\|>)/;
    for (const { text, all } of golden.encode) {
      const ids = text.split(names).flatMap((piece) => {
        const special = specialTokens.find((token) => token === piece);
        return special === undefined ? qwen.encode(piece) : [qwen.specialId(special)];
      });
      expect(ids, text).toEqual(all);
      expect(qwen.decode(ids)).toBe(text.normalize('NFC'));
    }
  });

  test('holds 151,851 tokens', () => {
    expect(qwen.size).toBe(151_851); // tokenization_note.md of QwenLM/Qwen
  });

  test('gives the bytes of a token, be they a character or not', () => {
    expect([...qwen.tokenBytes(51_461)]).toEqual([0x20, 0xe6, 0xa0]); // tokenization_note.md of QwenLM/Qwen
    expect(Buffer.from(qwen.tokenBytes(151_645)).toString()).toBe('<|im_end|>');
  });

  test('takes half a surrogate pair for U+FFFD', () => {
    expect(qwen.encode('a\ud800b')).toEqual(qwen.encode('a\ufffdb'));
    expect(qwen.encode('\udc00\ud83d\ude00')).toEqual([...qwen.encode('\ufffd'), 141_334]); // 😀 as in the golden file
  });

  test.each([-1, 151_851, 0.5, NaN])('has no token %d', (id) => {
    expect(() => qwen.decode([id])).toThrow(new AppError('tokenizer.invalidTokenId', { id, last: 151_850 }));
  });

  test('keeps a byte order mark', () => {
    expect(qwen.decode(qwen.encode('\ufeffa'))).toBe('\ufeffa');
  });
});

describe('the vocabulary of the demo model', () => {
  test.each([...demoGolden.tokenizer, ...demoGolden.tokenizer_nfc].map(({ text, ids }) => [text, ids] as const))(
    'encodes %j as the reference does',
    (text, ids) => {
      expect(demo.encode(text)).toEqual(ids);
      expect(demo.decode(ids)).toBe(text.normalize('NFC'));
    },
  );

  test.each(demoGolden.decode.map(({ ids, text }) => [ids, text] as const))('decodes %j to %j', (ids, text) => {
    expect(demo.decode(ids)).toBe(text);
  });
});

describe('long pieces', () => {
  test.each([
    ['a', 100_000],
    ['你', 100_000],
    [' ', 1_000_000],
    ['\n', 100_000],
    ['=', 100_000],
  ])('%j, repeated, takes time in proportion', (character, count) => {
    const text = character.repeat(count) + 'x';
    const startMs = performance.now();
    const ids = qwen.encode(text);
    expect(performance.now() - startMs).toBeLessThan(15_000); // the quadratic way takes minutes, or ends in a trap
    expect(qwen.decode(ids)).toBe(text);
  });

  test('are encoded as tiktoken encodes them', async () => {
    const { ranks } = await readVocabulary(await officialVocabularyFolder());
    const base64 = ranks.map((bytes) => Buffer.from(bytes).toString('base64'));
    const tiktoken = new Tiktoken(`! 0 ${base64.join(' ')}`, {}, splitPattern);
    for (const text of mixtures(300)) expect(qwen.encode(text), text).toEqual([...tiktoken.encode_ordinary(text)]);
  });
});

/** Texts of runs, some longer than any word, over characters that the split pattern tells apart. */
function* mixtures(count: number): Generator<string> {
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes
    return Math.floor((state / 2 ** 32) * limit);
  };
  const alphabets = [
    'a',
    'ab',
    '的一是不了人',
    'aé你',
    ' ',
    '\t',
    '\n',
    ' \t',
    '\r\n',
    "'s",
    '!',
    '=-',
    '1',
    '\u3000',
    '\u0085',
    '\ufeff',
  ];
  for (let text = 0; text < count; text++) {
    const run = () => {
      const characters = [...alphabets[below(alphabets.length)]!];
      const length = below(4) === 0 ? 100 + below(200) : 1 + below(3);
      return Array.from({ length }, () => characters[below(characters.length)]).join('');
    };
    yield Array.from({ length: 1 + below(12) }, run).join('');
  }
}

test('a model gets a vocabulary that fits its rows, and no other', async () => {
  const folder = await officialVocabularyFolder();
  const open = (vocabularySize: number) => QwenTokenizer.openFor({ vocabularySize }, folder);
  // Qwen-7B and 1.8B, and Qwen-14B and 72B, by their config.json: 151,851 tokens are padded to these.
  for (const rows of [151_936, 152_064]) expect((await open(rows)).size).toBe(151_851);
  for (const rows of [151_850, 152_320])
    await expect(open(rows)).rejects.toEqual(
      new AppError('tokenizer.otherVocabulary', { file: 'qwen.tiktoken', tokens: 151_851, rows }),
    );
});
