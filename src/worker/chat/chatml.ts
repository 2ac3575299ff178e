import type { ChatTurn } from '../../shared/generation';
import type { QwenTokenizer } from '../tokenizer/qwenTokenizer';

/** A prompt is a list of pieces, so "<|im_end|>" typed by a user stays ordinary text. */
export type PromptPiece = { special: '<|im_start|>' | '<|im_end|>' } | { text: string };

export const newline: PromptPiece = { text: '\n' };

/** One ChatML block. Role, newline and content are separate pieces because Qwen's make_context encodes them separately; joined, a
 *  leading newline in `content` could merge into "\n\n". */
export const block = ({ role, content }: ChatTurn): PromptPiece[] => [
  ...opening(role),
  { text: content },
  { special: '<|im_end|>' },
];

/** The beginning of a block, for the model to continue. */
export const opening = (role: ChatTurn['role']): PromptPiece[] => [
  { special: '<|im_start|>' },
  { text: role },
  newline,
];

/** Token ids of the pieces, each encoded by itself. */
export const encodePieces = (tokenizer: QwenTokenizer, pieces: readonly PromptPiece[]): number[] =>
  pieces.flatMap((piece) => ('special' in piece ? tokenizer.specialId(piece.special) : tokenizer.encode(piece.text)));
