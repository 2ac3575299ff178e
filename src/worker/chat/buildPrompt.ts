import { AppError } from '../../shared/appError';
import type { ChatTurn } from '../../shared/generation';
import type { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { block, encodePieces, newline, opening, type PromptPiece } from './chatml';

export const defaultSystem: ChatTurn = { role: 'system', content: 'You are a helpful assistant.' };

export type Prompt = {
  readonly ids: readonly number[];
  /** Questions left out together with their answers, the oldest of the conversation. */
  readonly droppedTurns: number;
};

/** The ChatML prompt of a conversation that ends with a question. Source: make_context in qwen_generation_utils.py, whose window counts
 *  the system text and the earlier turns but neither the question nor the answer to come, and must not be filled to the brim.
 *
 *  Throws `prompt.wrongRole`. */
export function buildPrompt(
  turns: readonly ChatTurn[],
  { tokenizer, maxWindowSize }: { tokenizer: QwenTokenizer; maxWindowSize: number },
): Prompt {
  const { system, history, question } = arrange(turns);
  const encode = (pieces: readonly PromptPiece[]) => encodePieces(tokenizer, pieces);
  const systemIds = encode(block(system));
  const kept: number[][] = [];
  let size = systemIds.length;
  for (const [asked, answered] of history.toReversed()) {
    const ids = encode([newline, ...block(asked), newline, ...block(answered)]);
    size += ids.length;
    if (size >= maxWindowSize) break; // older turns go too, even those that would fit
    kept.unshift(ids);
  }
  return {
    ids: [systemIds, ...kept, encode([newline, ...block(question), newline, ...opening('assistant')])].flat(),
    droppedTurns: history.length - kept.length,
  };
}

type Arranged = { system: ChatTurn; history: [asked: ChatTurn, answered: ChatTurn][]; question: ChatTurn };

/** A system text or none, then user and assistant in turn; the user begins and has the last word. */
function arrange(turns: readonly ChatTurn[]): Arranged {
  const hasSystem = turns[0]?.role === 'system';
  const spoken = hasSystem ? turns.slice(1) : turns;
  const offset = turns.length - spoken.length;
  const expect = (index: number, expected: ChatTurn['role']): ChatTurn => {
    const turn = spoken[index];
    if (turn?.role === expected) return turn;
    throw new AppError('prompt.wrongRole', { number: index + offset + 1, expected, found: turn?.role ?? 'none' });
  };
  const history: Arranged['history'] = [];
  for (let index = 0; index + 1 < spoken.length; index += 2)
    history.push([expect(index, 'user'), expect(index + 1, 'assistant')]);
  const question = expect(2 * history.length, 'user');
  return { system: hasSystem ? turns[0]! : defaultSystem, history, question };
}
