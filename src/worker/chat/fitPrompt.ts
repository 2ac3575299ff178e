import { AppError } from '../../shared/appError';
import type { ChatTurn } from '../../shared/generation';
import type { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { buildPrompt, type Prompt } from './buildPrompt';

type Limits = {
  /** History window of the model's generation_config.json, in tokens. */
  maxWindowSize: number;
  contextLength: number;
  maxNewTokens: number;
};

/** The part of a context that history leaves to the answer, where the answer's own limit asks for more. */
const answerShare = 1 / 4;

/** The prompt as Qwen builds it, with less history where the context would not leave room for an answer.
 *  Throws `prompt.tooLong` when the question alone does not fit: Qwen's own code would let it through. */
export function fitPrompt(turns: readonly ChatTurn[], tokenizer: QwenTokenizer, limits: Limits): Prompt {
  const { contextLength, maxNewTokens } = limits;
  const bare = buildPrompt(turns, { tokenizer, maxWindowSize: 0 });
  const answerRoom = Math.min(maxNewTokens, Math.floor(contextLength * answerShare));
  const limit = contextLength - answerRoom;
  if (bare.ids.length > limit) throw new AppError('prompt.tooLong', { tokens: bare.ids.length, limit });
  // The window counts the system text, which `bare` has too: a few tokens on the safe side.
  const historyRoom = limit - bare.ids.length;
  return buildPrompt(turns, { tokenizer, maxWindowSize: Math.min(limits.maxWindowSize, historyRoom + 1) });
}
