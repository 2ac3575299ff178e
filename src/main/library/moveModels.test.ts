import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, readClaim } from './modelsFolder';
import { moveModels, settleMove } from './moveModels';

const contents: Record<string, string> = {
  'demo/model.json': '{}',
  'demo/checkpoint/model.safetensors': 'x'.repeat(3_000_000),
  'demo/prepared/nf4-float16/vectors.bin': 'vectors',
};
const files = Object.entries(contents).map(([path, text]) => ({ path, sizeBytes: text.length }));

let base: string;
let from: string;
let to: string;
/** Where the settings say that models lie. */
let current: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'deskmate-move-'));
  [from, to] = [join(base, 'old'), join(base, 'new')];
  current = from;
  await claim(from);
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(from, path)), { recursive: true });
    await writeFile(join(from, path), text);
  }
});
afterEach(() => rm(base, { recursive: true }));

const isWholeIn = (folder: string) =>
  Object.entries(contents).every(
    ([path, text]) => existsSync(join(folder, path)) && readFileSync(join(folder, path), 'utf8') === text,
  );
const move = (overrides: Partial<Parameters<typeof moveModels>[0]> = {}) =>
  moveModels({
    ...{ from, to, files, onProgress: () => undefined, signal: new AbortController().signal },
    switchOver: () => Promise.resolve(void (current = to)),
    release: () => Promise.resolve(),
    ...overrides,
  });

test('everything is in the new folder, and nothing is left of the old one', async () => {
  const seen: number[] = [];
  await move({ onProgress: (done, total) => seen.push(done / total) });
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(1);
  expect(await readClaim(to)).toEqual({ version: 1, incoming: null, outgoing: null, isMade: true });
});

test('folders that the user made stay, also when a move fails', async () => {
  const [mine, other] = [join(base, 'mine'), join(base, 'other')];
  for (const folder of [mine, other]) await mkdir(folder);
  await move({ to: mine });
  const failing = { from: mine, to: other, switchOver: () => Promise.reject(new Error('not stored')) };
  await expect(move(failing)).rejects.toThrow('not stored');
  expect(await readdir(other)).toEqual([]);
  await move({ from: mine, to: other });
  expect(await readdir(mine)).toEqual([]);
});

test('a folder that lies where the old one did, and knows of no move, is left alone', async () => {
  await moveUntil('switched');
  await rm(join(from, 'deskmate-models.json'));
  await claim(from); // another drive in the place of the first
  await settleMove(to);
  expect([isWholeIn(from), isWholeIn(to)]).toEqual([true, true]);
});

test('what someone else put beside the models stays where it is', async () => {
  await writeFile(join(from, 'demo', 'notes.txt'), 'mine');
  await move();
  expect(await readdir(join(from, 'demo'))).toEqual(['notes.txt']);
  expect(existsSync(join(to, 'demo', 'notes.txt'))).toBe(false);
});

test('a move that is stopped leaves the old folder whole and the new one empty', async () => {
  const stop = new AbortController();
  const onProgress = (done: number) => done > 2 && stop.abort(new Error('stopped'));
  await expect(move({ onProgress, signal: stop.signal })).rejects.toThrow('stopped');
  expect(isWholeIn(from)).toBe(true);
  expect(existsSync(to)).toBe(false);
  expect(await readClaim(from)).toMatchObject({ outgoing: null });
});

/** Whatever runs after a kill does not run: the next start finds the disk as it was. */
async function moveUntil(step: 'copied' | 'switched'): Promise<void> {
  const never = new Promise<void>(() => undefined);
  await new Promise<void>((resolve) => {
    void move({
      switchOver: () => {
        if (step === 'switched') current = to;
        resolve();
        return step === 'switched' ? Promise.resolve() : never;
      },
      release: () => never,
    });
  });
}

test('killed before the settings changed: the old folder counts, and the copies go', async () => {
  await moveUntil('copied');
  expect([isWholeIn(from), isWholeIn(to)]).toEqual([true, true]);
  await settleMove(current);
  expect(current).toBe(from);
  expect(isWholeIn(from)).toBe(true);
  expect(existsSync(to)).toBe(false);
});

test('killed after the settings changed: the new folder counts, and the old one is emptied', async () => {
  await moveUntil('switched');
  await settleMove(current);
  expect(current).toBe(to);
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
});

test('settling twice, or with the other drive away, harms nothing', async () => {
  await moveUntil('copied');
  await rm(to, { recursive: true });
  await settleMove(current);
  await settleMove(current);
  expect(isWholeIn(from)).toBe(true);
});
