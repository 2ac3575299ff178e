import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeRandomCheckpoint } from '../worker/checkpoint/randomCheckpoint.test-support';
import { seededRandom } from '../worker/sampling/seededRandom';
import { demoModel, runCli } from './runCli.test-support';

const Line = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: z.int(), total: z.int() }),
  z.strictObject({ type: z.literal('done'), bytes: z.int(), sha256: z.record(z.string(), z.string()) }),
]);

let root: string;
let source: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskmate-cli-prepare-'));
  source = join(root, 'source');
  // 73 MB to prepare: enough for threads.
  await writeRandomCheckpoint(source, { layers: 10, hiddenSize: 512, feedForwardSize: 1376, vocabularySize: 8192 });
});
afterAll(() => rm(root, { recursive: true }));

const commandFor = (checkpoint: string, out: string, [precision, device] = ['nf4', 'gpu']) => [
  ...['prepare', '--source', checkpoint, '--precision', precision],
  ...['--device', device, '--out', out],
];

/** The sums that the folder really has. */
async function sumsOf(folder: string) {
  const files = (await readdir(folder)).sort();
  const sum = async (file: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, file)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await sum(file)] as const)));
}

/** Starts the program without a process between it and us, and kills it after so many lines. */
async function killAfter(lines: number, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'index.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  let seen = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    if (++seen === lines) child.kill('SIGKILL');
  });
  await closed;
}

/** When the files that the journal calls whole were written. */
async function timesOfFinished(out: string) {
  const [, ...lines] = (await readFile(join(out, 'journal.jsonl'), 'utf8')).trimEnd().split('\n');
  const Entry = z.object({ file: z.string(), made: z.object({}).nullable() });
  const entries = lines.map((line) => Entry.parse(JSON.parse(line)));
  const files = entries.flatMap(({ file, made }) => (made ? [file] : [])); // not those that were only looked at
  return Promise.all(files.map(async (file) => ({ file, mtimeMs: (await stat(join(out, file))).mtimeMs })));
}

test('tells progress in bytes, and at last the sums of all files', async () => {
  const out = join(root, 'demo');
  const { exitCode, lines } = await runCli(commandFor(demoModel, out, ['int8', 'cpu']));
  expect(exitCode).toBe(0);
  const events = lines.map((line) => Line.parse(line));
  const progress = events.flatMap((event) => (event.type === 'progress' ? [event] : []));
  expect(progress.at(-1)!.done).toBe(progress.at(-1)!.total);
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error(done.type);
  expect(done.sha256).toEqual(await sumsOf(out));
  const sizes = await Promise.all(Object.keys(done.sha256).map(async (file) => (await stat(join(out, file))).size));
  expect(done.bytes).toBe(sizes.reduce((a, b) => a + b));

  const again = await runCli(commandFor(demoModel, out, ['int8', 'cpu']));
  expect(again.lines).toEqual([progress.at(-1), done]);
});

test('killed at any moment, it goes on, and ends with the same bytes', async () => {
  const whole = join(root, 'whole');
  const { lines } = await runCli(commandFor(source, whole));
  const expected = await sumsOf(whole);
  const random = seededRandom(3);
  const out = join(root, 'killed');
  for (let round = 0; round < 6; round++)
    await killAfter(1 + Math.floor(random() * (lines.length / 4)), commandFor(source, out));
  expect(await readdir(out)).not.toContain('manifest.json');
  const kept = await timesOfFinished(out);
  expect(kept.length).toBeGreaterThan(0);
  const ended = await runCli(commandFor(source, out));
  expect(ended.exitCode).toBe(0);
  for (const { file, mtimeMs } of kept) expect((await stat(join(out, file))).mtimeMs).toBe(mtimeMs);
  expect(await sumsOf(out)).toEqual(expected);
}, 120_000);

test('two at once take turns, and the second finds the work done', async () => {
  const out = join(root, 'twice');
  const [first, second] = await Promise.all([
    runCli(commandFor(source, out, ['int4', 'cpu'])),
    runCli(commandFor(source, out, ['int4', 'cpu'])),
  ]);
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(first.lines.at(-1)).toEqual(second.lines.at(-1));
  expect(Math.min(first.lines.length, second.lines.length)).toBe(2);
});

test('the checkpoint’s own folder takes no prepared weights, however it is named', async () => {
  const before = await sumsOf(source);
  const { exitCode, lines } = await runCli(commandFor(source, join(source, '..', 'source')));
  expect(exitCode).toBe(1);
  expect(lines).toMatchObject([{ error: { code: 'cli.usage' } }]);
  expect(await sumsOf(source)).toEqual(before);
});

test('what a kill left is told from a folder without a model', async () => {
  const out = join(root, 'unfinished');
  await killAfter(1, commandFor(source, out));
  expect(await readdir(out)).toContain('journal.jsonl');
  const open = ['logits', '--model', out, '--precision', 'nf4', '--device', 'gpu'];
  const { lines } = await runCli(open, { ids: [1], top: 1 });
  const message = expect.stringContaining('is not whole; prepare it again') as unknown;
  expect(lines).toMatchObject([{ error: { code: 'cli.usage', message } }]);
});

test('a folder without a checkpoint is refused', async () => {
  const { exitCode, lines } = await runCli(commandFor(join(root, 'nothing'), join(root, 'out')));
  expect(exitCode).toBe(1);
  expect(lines).toMatchObject([{ error: { code: 'model.notFound' } }]);
});

test.runIf(process.platform === 'linux')('a place where no folder can be made is told at once', async () => {
  const { exitCode, lines } = await runCli(commandFor(demoModel, '/proc/deskmate/prepared'));
  expect(exitCode).toBe(1);
  expect(lines).toMatchObject([{ error: { code: 'prepare.failed' } }]);
});
