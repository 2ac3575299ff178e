import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import { readRegularFile } from '../checkpoint/regularFile';

export const vocabularyFile = 'qwen.tiktoken';

export type SpecialToken = '<|endoftext|>' | '<|im_start|>' | '<|im_end|>' | `<|extra_${number}|>`;

/** Qwen's control tokens, in the order of their ids, which follow the last rank. Source: SPECIAL_TOKENS in tokenization_qwen.py. */
export const specialTokens: readonly SpecialToken[] = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  ...Array.from({ length: 205 }, (_, index) => `<|extra_${index}|>` as const),
];

/** The tokens of a checkpoint: `ranks[id]` are the bytes of an ordinary token; its rank is its id and its merge priority. */
export type Vocabulary = { readonly ranks: readonly Uint8Array[] };

/** Reads `qwen.tiktoken` of a model folder. Throws `checkpoint.missingFile` and `tokenizer.invalidVocabulary`. */
export async function readVocabulary(modelFolder: string): Promise<Vocabulary> {
  const path = join(modelFolder, vocabularyFile);
  const bytes = await readRegularFile(path).catch((error: unknown) => {
    throw new AppError('checkpoint.missingFile', { file: vocabularyFile }, { cause: error });
  });
  return parseVocabulary(bytes.toString('latin1'));
}

/** Lines of base64(bytes), a space, a decimal rank. Ranks run from 0 without a gap, in any order, and every single byte is a token:
 *  so every text can be encoded. */
export function parseVocabulary(text: string): Vocabulary {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const ranks = new Array<Uint8Array>(lines.length);
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (entry === null || seen.has(entry.base64)) throw invalid(index + 1);
    // Ranks that are all different and below the number of lines leave no gap.
    if (entry.rank >= lines.length || ranks[entry.rank] !== undefined) throw invalid(index + 1);
    ranks[entry.rank] = entry.bytes;
    seen.add(entry.base64);
  }
  const bytes = new Set(ranks.filter((token) => token.length === 1).map((token) => token[0]));
  if (bytes.size < 256) throw invalid(lines.length + 1);
  return { ranks };
}

function parseLine(line: string): { base64: string; bytes: Uint8Array; rank: number } | null {
  const [, base64, rank] = /^(\S+) (\d{1,9})$/.exec(line) ?? [];
  if (base64 === undefined) return null;
  const bytes = Buffer.from(base64, 'base64');
  // Node decodes base64 leniently; only the canonical spelling comes back unchanged.
  return bytes.toString('base64') === base64 ? { base64, bytes, rank: Number(rank) } : null;
}

const invalid = (line: number) => new AppError('tokenizer.invalidVocabulary', { file: vocabularyFile, line });
