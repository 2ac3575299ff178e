import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoModel, runCli } from './runCli.test-support';

const failure = (code: string, message: string) => ({ exitCode: 1, lines: [{ error: { code, message } }] });
const seeUsage = 'Run without arguments to see the commands.';
const demo = ['--model', demoModel];

test('without a command all of them are shown on stderr', async () => {
  const ended = await runCli([]);
  expect(ended).toMatchObject(failure('cli.usage', `No command was given. ${seeUsage}`));
  expect(ended.stderr).toMatch(/^Usage: [^]*tokenize[^]*detokenize[^]*prompt[^]*hardware/);
});

test.each([
  [['dance'], 'There is no command dance'],
  [['toString'], 'There is no command toString'],
  [['tokenize'], '--model is missing'],
  [['tokenize', ...demo, '--seed', '1'], 'there is no option --seed'],
])('%j is refused with a sentence', async (args, problem) => {
  expect(await runCli(args)).toMatchObject(failure('cli.usage', `${problem}. ${seeUsage}`));
});

test.each([
  ['closed', null, 'stdin is empty, JSON is expected there'],
  ['empty', '', 'stdin is empty, JSON is expected there'],
  ['of another shape', ['a', 1], '[1]: expected string, received number'],
])('stdin that is %s is refused', async (_, stdin, problem) => {
  const message = `The input is not what this command takes: ${problem}. Correct it and run again.`;
  expect(await runCli(['tokenize', ...demo], stdin)).toMatchObject(failure('cli.invalidInput', message));
});

test('a folder without a vocabulary is told by the missing file', async () => {
  const message = 'The model folder lacks qwen.tiktoken. Copy it there or fetch the model again.';
  expect(await runCli(['tokenize', '--model', '/no/such/folder'], ['a'])).toMatchObject(
    failure('checkpoint.missingFile', message),
  );
});

test('an id that is none is told with the ids there are', async () => {
  const message = 'There is no token 4088; ids run from 0 to 4087. Correct the ids.';
  expect(await runCli(['detokenize', ...demo], [[1], [2, 4088]])).toMatchObject(
    failure('tokenizer.invalidTokenId', message),
  );
});

test('a conversation without a question is told', async () => {
  const message =
    'Message 1 must come from user, found none. Let user and assistant take turns; a user has the last word.';
  expect(await runCli(['prompt', ...demo], { messages: [] })).toMatchObject(failure('prompt.wrongRole', message));
});

test('a reader that stops early ends the program without a complaint', async () => {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const child = spawn(process.execPath, [tsx, join(import.meta.dirname, 'index.ts'), 'detokenize', ...demo], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.destroy();
  child.stdin.end(JSON.stringify([Array.from({ length: 500_000 }, () => 1185)]));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' }); // it was not done
});

test('a bug is "internal" on stdout and whole on stderr', async () => {
  const broken = encodeURIComponent("process.availableMemory = () => { throw new TypeError('unforeseen') }");
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${broken}` };
  const ended = await runCli(['hardware'], null, env);
  expect(ended).toMatchObject({ exitCode: 1, lines: [{ error: { code: 'internal' } }] });
  expect(ended.stderr).toMatch(/TypeError: unforeseen\n {4}at /);
});
