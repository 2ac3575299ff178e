import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const eslint = new ESLint();
const rule = '@typescript-eslint/no-restricted-imports';

/** Whether `file`, which exists, may hold this line. */
async function isAllowed(file: string, line: string): Promise<boolean> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: file });
  return !result!.messages.some(({ ruleId }) => ruleId === rule);
}

test.each([
  ['src/shared/appError.ts', "import '../main/parts';"],
  ['src/shared/appError.ts', "import 'node:fs';"],
  ['src/preload/index.ts', "import '../main/parts';"],
  ['src/preload/index.ts', "import 'node:fs';"],
  ['src/main/parts.ts', "import '../worker/serve';"],
  ['src/main/parts.ts', "import '../renderer/ipc';"],
  ['src/main/parts.ts', "import 'onnxruntime-node';"],
  ['src/main/db/connection.ts', "import '../../worker/serve';"],
  ['src/main/db/connection.ts', "import '../chat/chat';"],
  ['src/main/app/log.ts', "import '../db/connection';"],
  ['src/main/conversations/title.ts', "import '../chat/chat';"],
  ['src/main/chat/chat.ts', "import '../ipc/router';"],
  ['src/worker/serve.ts', "import '../main/parts';"],
  ['src/worker/serve.ts', "import 'electron';"],
  ['src/worker/serve.ts', "import 'sqlite3';"],
  ['src/worker/serve.ts', "import 'node:https';"],
  ['src/worker/runtime/session.ts', "import '../../renderer/ipc';"],
  ['src/cli/index.ts', "import '../main/parts';"],
  ['src/renderer/ipc.ts', "import '../main/parts';"],
  ['src/renderer/ipc.ts', "import '../worker/serve';"],
  ['src/renderer/ipc.ts', "import 'electron';"],
  ['src/renderer/features/chat/useChat.ts', "import '../../../main/parts';"],
  ['src/renderer/features/chat/useChat.ts', "import '../settings/useSettings';"],
])('%s must not hold %s', async (file, line) => {
  expect(await isAllowed(file, line)).toBe(false);
});

test.each([
  ['src/main/parts.ts', "import '../shared/appError';"],
  ['src/main/chat/chat.ts', "import '../conversations/title';"],
  ['src/main/chat/chat.ts', "import '../../shared/appError';"],
  ['src/worker/runtime/session.ts', "import 'onnxruntime-node';"],
  ['src/cli/index.ts', "import '../worker/serve';"],
  ['src/renderer/features/chat/useChat.ts', "import '../../ui/Button';"],
  ['src/renderer/features/chat/useChat.ts', "import '../../../shared/appError';"],
])('%s may hold %s', async (file, line) => {
  expect(await isAllowed(file, line)).toBe(true);
});
