import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, readClaim } from './modelsFolder';
import { moveModels } from './moveModels';
import { interruptedMove, settleMove } from './settleMove';

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

const never = new Promise<never>(() => undefined);
const isWholeIn = (folder: string) =>
  Object.entries(contents).every(
    ([path, text]) => existsSync(join(folder, path)) && readFileSync(join(folder, path), 'utf8') === text,
  );
const move = (overrides: Partial<Parameters<typeof moveModels>[0]> = {}) =>
  moveModels({
    ...{ from, to, files: () => Promise.resolve(files), onProgress: () => undefined },
    ...{ signal: new AbortController().signal, suspend: new AbortController().signal },
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

test('a link that the user put in the place of a file is read, not moved, and what it leads to stays', async () => {
  const blob = join(base, 'blob');
  const shard = 'demo/checkpoint/model.safetensors';
  await writeFile(blob, contents[shard]!);
  await rm(join(from, shard));
  await symlink('../../../blob', join(from, shard)); // as Hugging Face's cache has them
  await move();
  expect(isWholeIn(to)).toBe(true);
  await rm(blob);
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
});

test('a move that is stopped leaves the old folder whole and the new one empty', async () => {
  const stop = new AbortController();
  const onProgress = (done: number) => done > 2 && stop.abort(new Error('stopped'));
  await expect(move({ onProgress, signal: stop.signal })).rejects.toThrow('stopped');
  expect(isWholeIn(from)).toBe(true);
  expect(existsSync(to)).toBe(false);
  expect(await readClaim(from)).toMatchObject({ outgoing: null });
});

test('a move that is stopped before anything was listed leaves no trace', async () => {
  const stop = new AbortController();
  const moving = move({
    files: (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    signal: stop.signal,
  });
  while ((await readClaim(from))?.outgoing?.to !== to) await new Promise(setImmediate);
  stop.abort(new Error('stopped'));
  await expect(moving).rejects.toThrow('stopped');
  expect(existsSync(to)).toBe(false);
});

/** Whatever runs after a kill does not run: the next start finds the disk as it was. */
async function moveUntil(step: 'copied' | 'switched'): Promise<void> {
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

test('killed before the settings changed: the old folder counts, and the move can go on', async () => {
  await moveUntil('copied');
  expect([isWholeIn(from), isWholeIn(to)]).toEqual([true, true]);
  expect(current).toBe(from);
  expect(await interruptedMove(current)).toBe(to);
  await move();
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
});

test('what an earlier run brought is not brought again, and what is gone meanwhile does not come back', async () => {
  await moveUntil('copied');
  const kept = files.filter(({ path }) => !path.includes('prepared'));
  await rm(join(from, 'demo/prepared/nf4-float16/vectors.bin'));
  const before = readFileSync(join(to, 'demo/model.json'));
  await move({ files: () => Promise.resolve(kept) });
  expect(readFileSync(join(to, 'demo/model.json')).equals(before)).toBe(true);
  expect(existsSync(join(to, 'demo/prepared'))).toBe(false);
});

test('a copy that differs from the original counts for nothing', async () => {
  await moveUntil('copied');
  const shard = 'demo/checkpoint/model.safetensors';
  await rm(join(to, shard));
  await writeFile(join(to, shard), 'y'.repeat(3_000_000));
  await move();
  expect(isWholeIn(to)).toBe(true);
  expect(await readdir(join(to, 'demo', 'checkpoint'))).toEqual(['model.safetensors']);
});

test('killed after the settings changed: the new folder counts, and the old one is emptied', async () => {
  await moveUntil('switched');
  expect(await interruptedMove(current)).toBeNull();
  await settleMove(current);
  expect(current).toBe(to);
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
});

test('where the new drive is away, the move does not go on, and the copies go when it is back', async () => {
  await moveUntil('copied');
  const away = join(base, 'away');
  await rename(to, away);
  expect(await interruptedMove(current)).toBeNull();
  await settleMove(current);
  await settleMove(current);
  expect(isWholeIn(from)).toBe(true);
  await rename(away, to);
  await settleMove(current);
  expect(isWholeIn(from)).toBe(true);
});

test('where the old drive is away, it is emptied when it is back', async () => {
  await moveUntil('switched');
  const away = join(base, 'away');
  await rename(from, away);
  await settleMove(current);
  await rename(away, from);
  await settleMove(current);
  expect(isWholeIn(to)).toBe(true);
  expect(existsSync(from)).toBe(false);
});
