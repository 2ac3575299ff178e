/** Every failure a user can act on. Each code has `errors.<code>` (what happened, and the next step) in both languages. */
export const errorCodes = [
  'internal',
  'ipc.unknownRoute',
  'ipc.invalidInput',
  'ipc.untrustedSender',
  'conversation.notFound',
  'conversation.busy',
  'conversation.nothingToRegenerate',
  'conversation.nothingToRestore',
  'message.tooLong',
  'prompt.tooLong',
  'prompt.wrongRole',
  'model.notFound',
  'model.notLoaded',
  'checkpoint.missingFile',
  'checkpoint.invalidConfig',
  'checkpoint.invalidGenerationConfig',
  'checkpoint.unsupported',
  'checkpoint.invalidShard',
  'checkpoint.missingTensor',
  'checkpoint.wrongTensor',
  'checkpoint.notFinite',
  'checkpoint.float16Overflow',
  'tokenizer.invalidVocabulary',
  'tokenizer.invalidTokenId',
  'device.gpuUnavailable',
  'device.gpuWrong',
  'device.gpuCrashed',
  'device.gpuTimedOut',
  'prepare.failed',
  'prepare.diskFull',
  'session.failed',
  'session.outOfMemory',
  'generation.notFinite',
  'worker.crashed',
  'worker.unavailable',
  'worker.ended',
  'library.unknownModel',
  'library.notInstalled',
  'library.busy',
  'library.moving',
  'library.copyDiffers',
  'library.damaged',
  'library.folderGone',
  'library.diskFull',
  'folder.isRoot',
  'folder.isHome',
  'folder.isOurs',
  'folder.isCurrent',
  'folder.notEmpty',
  'folder.unwritable',
  'store.newerVersion',
  'store.unreadable',
  'store.diskFull',
  'settings.unreadable',
  'link.refused',
  'cli.usage',
  'cli.invalidInput',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export type ErrorParams = Readonly<Record<string, string | number>>;

/** An expected failure. Anything else that is thrown is a bug. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly params: ErrorParams = {},
    options?: ErrorOptions,
  ) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'AppError';
  }
}
