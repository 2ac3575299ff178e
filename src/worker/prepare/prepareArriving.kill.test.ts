import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { seededRandom } from '../sampling/seededRandom';
import { prepareCheckpoint } from './prepareCheckpoint';
import { sha256OfFiles } from './sha256OfFiles.test-support';
import { splitCheckpoint } from './splitCheckpoint.test-support';

const program = path.join(import.meta.dirname, 'prepareArrivingOnce.test-support.ts');

/** Runs the program, kills it after so many lines, and returns the names of each line. */
async function run(args: readonly string[], killAfter = Infinity): Promise<string[][]> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const events: string[][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    events.push(JSON.parse(line) as string[]);
    if (events.length === killAfter) child.kill('SIGKILL');
  }
  await closed;
  return events;
}

test('killed at any moment, it goes on, and reads nothing again that it said was done', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-killed-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const [source, folder, ordinary] = ['source', 'prepared', 'ordinary'].map((name) => path.join(root, name));
  await writeRandomCheckpoint(source!, { layers: 6, hiddenSize: 256, feedForwardSize: 512, vocabularySize: 4096 });
  const splitFile = path.join(root, 'split.json');
  const split = await splitCheckpoint(source!, path.join(root, 'checkpoint'));
  await writeFile(splitFile, JSON.stringify(split));

  const random = seededRandom(11);
  const said = new Set<string>();
  for (let round = 0; round < 5; round++) {
    const [first, ...later] = await run([splitFile, folder!], 1 + Math.floor(random() * 6));
    for (const name of said) expect(first).toContain(name);
    for (const name of [...first!, ...later.flat()]) said.add(name);
  }
  expect(said.size).toBeGreaterThan(5);
  expect(await readdir(folder!)).not.toContain('manifest.json');

  await run([splitFile, folder!]);
  const checkpoint = await openCheckpoint(source!, '0123456789abcdef');
  await prepareCheckpoint({ checkpoint, folder: ordinary!, precision: 'nf4', floatType: 'float16' });
  const { 'manifest.json': ofOrdinary, ...wanted } = await sha256OfFiles(ordinary!);
  const {
    'manifest.json': ofArrived,
    'transformer.wte.weight.bin': ofEmbedding,
    ...sums
  } = await sha256OfFiles(folder!);
  for (const sum of [ofOrdinary, ofArrived, ofEmbedding]) expect(sum).toBeDefined();
  expect(sums).toEqual(wanted);
}, 120_000);
