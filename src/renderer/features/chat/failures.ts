import type { ErrorCode } from '../../../shared/appError';

/** Failures that trying again would only repeat: the same words meet the same rule. A closed list. */
const deterministicCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'prompt.tooLong',
  'message.tooLong',
  'prompt.wrongRole',
  'tokenizer.invalidTokenId',
  'conversation.notFound',
  'ipc.unknownRoute',
  'ipc.invalidInput',
]);

export const wouldRepeat = (code: ErrorCode): boolean => deterministicCodes.has(code);

/** Failures that other words of the user's would avoid. */
export const isAboutText = (code: ErrorCode): boolean => code === 'prompt.tooLong' || code === 'message.tooLong';
