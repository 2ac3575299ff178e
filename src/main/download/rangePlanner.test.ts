import { expect, test } from 'vitest';
import { Bell } from './bell';
import type { DownloadContext } from './downloadContext';
import type { WantedFile } from './downloadPlan';
import { HeldParts } from './heldParts';
import { optionsFor, temporaryFolder } from './hub.test-support';
import { Journal } from './journal';
import { PartDisk } from './partDisk';
import { RangePlanner } from './rangePlanner';

/** Two files: one in parts of 10, 20 and 70 bytes, one whole of 50. */
async function planner({ chunkBytes, maxHeldBytes }: { chunkBytes: number; maxHeldBytes?: number }) {
  const folder = await temporaryFolder();
  const hashes = { sha256: 'a'.repeat(64), gitId: null };
  const partAt = (start: number, sizeBytes: number) => ({ path: `${folder}/${start}`, offset: 0, start, sizeBytes });
  const first: WantedFile = {
    ...{ path: 'first', sizeBytes: 100, ...hashes },
    parts: [partAt(0, 10), partAt(10, 20), partAt(30, 70)],
  };
  const second: WantedFile = {
    path: 'second',
    sizeBytes: 50,
    ...hashes,
    parts: [{ ...partAt(0, 50), path: 'second' }],
  };
  const consumer = { consume: () => new Promise<never>(() => {}), forget: () => Promise.resolve() };
  const options = optionsFor(folder, {
    ...{ files: [first, second], sources: [] },
    ...(maxHeldBytes !== undefined && { consumer: { ...consumer, maxHeldBytes } }),
  });
  const journal = await Journal.open(options.journalPath, options.files);
  const { signal } = new AbortController();
  const context: DownloadContext = { options, journal, disk: new PartDisk(folder), bell: new Bell(), signal };
  const held = new HeldParts(context, () => undefined);
  const plan = new RangePlanner(context, held, chunkBytes);
  const next = () => {
    const range = plan.next();
    return range && [range.file.path, range.start, range.end];
  };
  const lines = { is: 'chunk', sha256: 'b'.repeat(64), place: '0', offset: 0 } as const;
  const has = (start: number, end: number) =>
    journal.append({ ...lines, file: 'first', start, sizeBytes: end - start });
  return { plan, next, has, journal };
}

test('ranges follow each other through parts and files, none twice', async () => {
  const { next } = await planner({ chunkBytes: 40 });
  expect([next(), next(), next(), next(), next(), next()]).toEqual([
    ['first', 0, 40],
    ['first', 40, 80],
    ['first', 80, 100],
    ['second', 0, 40],
    ['second', 40, 50],
    null,
  ]);
});

test('what is there is left out, and what failed comes again', async () => {
  const { plan, next, has } = await planner({ chunkBytes: 100 });
  await has(20, 60);
  const range = plan.next()!;
  expect([range.start, range.end]).toEqual([0, 20]);
  expect(next()).toEqual(['first', 60, 100]);
  plan.end(range);
  expect(next()).toEqual(['first', 0, 20]);
});

test('a lost chunk is asked for by itself, with its hash', async () => {
  const { plan, next, has, journal } = await planner({ chunkBytes: 100 });
  await has(0, 10);
  await has(10, 30);
  await journal.append({ is: 'hashed', file: 'first', bytes: 30, state: '' });
  await journal.append({ is: 'lost', file: 'first', start: 10 });
  expect(plan.next()).toMatchObject({ start: 10, end: 30, sha256: 'b'.repeat(64) });
  expect(next()).toEqual(['first', 30, 100]);
});

test('a part that has no room waits, and so does what follows it', async () => {
  const { next } = await planner({ chunkBytes: 100, maxHeldBytes: 40 });
  expect([next(), next()]).toEqual([['first', 0, 30], null]);
});
