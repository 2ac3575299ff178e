import { Tiktoken } from 'tiktoken';
import { AppError } from '../../shared/appError';
import { mergeBytes } from './mergeBytes';
import { splitPattern, splitPieces } from './splitPattern';
import { readVocabulary, specialTokens, vocabularyFile, type SpecialToken, type Vocabulary } from './vocabulary';

const mostPadding = 256;

/** Qwen's byte-level BPE. Text never becomes a control token here: those exist only as ids that the chat template inserts. */
export class QwenTokenizer {
  readonly #tiktoken: Tiktoken;
  readonly #vocabulary: Vocabulary;
  #rankOf: ReadonlyMap<string, number> | undefined;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    const base64 = vocabulary.ranks.map((bytes) => Buffer.from(bytes).toString('base64'));
    // tiktoken's own format: a mark, the first rank, then the tokens in the order of their ranks.
    this.#tiktoken = new Tiktoken(`! 0 ${base64.join(' ')}`, {}, splitPattern);
  }

  /** Reads `qwen.tiktoken`, the only file it needs, from a model folder. */
  static async open(modelFolder: string): Promise<QwenTokenizer> {
    return new QwenTokenizer(await readVocabulary(modelFolder));
  }

  /** That of a model. Throws `tokenizer.otherVocabulary` where it is of another one, or of a file that was cut off: every control token
   *  would have another id. Source of the bound: 152,064 rows of Qwen-14B for 151,851 tokens is the most padding there is. */
  static async openFor(
    { vocabularySize: rows }: { vocabularySize: number },
    modelFolder: string,
  ): Promise<QwenTokenizer> {
    const tokenizer = await QwenTokenizer.open(modelFolder);
    const tokens = tokenizer.size;
    if (tokens > rows || rows - tokens >= mostPadding)
      throw new AppError('tokenizer.otherVocabulary', { file: vocabularyFile, tokens, rows });
    return tokenizer;
  }

  /** The number of ids, control tokens included; a model's vocabulary may have padding rows beyond it. */
  get size(): number {
    return this.#vocabulary.ranks.length + specialTokens.length;
  }

  specialId(token: SpecialToken): number {
    return this.#vocabulary.ranks.length + specialTokens.indexOf(token);
  }

  /** Token ids of ordinary text, after NFC; names of control tokens are text like any other. */
  encode(text: string): number[] {
    const normalized = text.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');
    const ids: number[] = [];
    for (const run of runs(normalized)) {
      // Not push(...): an argument list has a limit.
      for (const id of run.isLong ? this.#encodeLongPiece(run.text) : this.#tiktoken.encode_ordinary(run.text))
        ids.push(id);
    }
    return ids;
  }

  /** The text of `ids`; bytes that are not UTF-8 become U+FFFD as in Python's errors="replace", control tokens their names. */
  decode(ids: readonly number[]): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(ids.map((id) => this.tokenBytes(id))));
  }

  /** The bytes of one token. Throws `tokenizer.invalidTokenId`. */
  tokenBytes(id: number): Uint8Array {
    const { ranks } = this.#vocabulary;
    const bytes = ranks[id];
    if (bytes !== undefined) return bytes;
    const name = specialTokens[id - ranks.length];
    if (name === undefined) throw new AppError('tokenizer.invalidTokenId', { id, last: this.size - 1 });
    return Buffer.from(name);
  }

  #encodeLongPiece(piece: string): number[] {
    this.#rankOf ??= new Map(
      this.#vocabulary.ranks.map((bytes, rank) => [Buffer.from(bytes).toString('latin1'), rank]),
    );
    return mergeBytes(Buffer.from(piece).toString('latin1'), this.#rankOf);
  }
}

/** tiktoken needs quadratic time for one piece, and a million blanks exceed what its regular expressions can step back over. */
const longPieceLength = 128;

type Run = { text: string; isLong: boolean };

/** Cuts text around its long pieces. tiktoken splits the rest once more, with the same result: without the text behind it a piece can
 *  only change if it is white space (the pattern looks ahead nowhere else), so white space before a long piece stands alone. */
function* runs(text: string): Generator<Run> {
  let start = 0; // of what is not yet yielded
  let position = 0;
  let wordsEnd = 0; // the end of the last piece that is not white space
  let spaces: string[] = []; // the pieces after it
  for (const [piece] of text.length > longPieceLength ? text.matchAll(splitPieces) : []) {
    position += piece.length;
    if (piece.length > longPieceLength) {
      if (wordsEnd > start) yield { text: text.slice(start, wordsEnd), isLong: false };
      for (const space of spaces) yield { text: space, isLong: false };
      yield { text: piece, isLong: true };
      start = wordsEnd = position;
      spaces = [];
    } else if (/^\p{White_Space}+$/u.test(piece)) {
      spaces.push(piece);
    } else {
      wordsEnd = position;
      spaces = [];
    }
  }
  if (start < text.length) yield { text: text.slice(start), isLong: false };
}
