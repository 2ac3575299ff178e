/** Failures that trying again would only repeat: the same words meet the same rule. A closed list. */
const deterministicCodes: ReadonlySet<string> = new Set([
  'prompt.tooLong',
  'message.tooLong',
  'prompt.wrongRole',
  'tokenizer.invalidTokenId',
  'conversation.notFound',
  'ipc.unknownRoute',
  'ipc.invalidInput',
]);

export const wouldRepeat = (code: string): boolean => deterministicCodes.has(code);

/** Failures that other words of the user's would avoid. */
export const isAboutText = (code: string): boolean => code === 'prompt.tooLong' || code === 'message.tooLong';
