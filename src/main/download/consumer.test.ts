import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { downloadFiles } from './downloadFiles';
import type { PartConsumer } from './downloadOptions';
import { inOneFile, type Part, type WantedFile } from './downloadPlan';
import type { HubFile } from './hubListing';
import { hashesIn, hashesOf, hubWith, list, optionsFor, temporaryFolder, timesSent } from './hub.test-support';

const shard = 'model.safetensors';
const sizes = [40, 8, 100_000, 16, 70_000, 29_936];
const bytesOfAll = 200_000;

/** Parts of these sizes, each a file of its own. */
function split(file: HubFile, folder: string, partSizes = sizes): WantedFile {
  let start = 0;
  const parts = partSizes.map((sizeBytes): Part => {
    const part = { path: path.join(folder, '.parts', String(start)), offset: 0, start, sizeBytes };
    start += sizeBytes;
    return part;
  });
  return { ...file, parts };
}

/** Puts the parts together again as they come. */
class Assembler implements PartConsumer {
  readonly bytes = Buffer.alloc(bytesOfAll);
  readonly taken: number[] = [];
  forgotten = 0;
  heldBytes = 0;
  mostHeldBytes = 0;

  constructor(readonly maxHeldBytes = 1_000_000) {}

  async consume(part: Part): Promise<'release'> {
    (await readFile(part.path)).copy(this.bytes, part.start);
    this.taken.push(part.start);
    return 'release';
  }

  forget(): Promise<void> {
    this.forgotten++;
    return Promise.resolve();
  }
}

async function published() {
  const files = { [shard]: randomBytes(bytesOfAll) };
  const { hub, at } = await hubWith(files);
  const folder = await temporaryFolder();
  const [file] = await list(at);
  return { files, hub, at, folder, file: file!, source: files[shard] };
}

test('parts are handed over whole, once each, and are gone in the end', async () => {
  const { hub, at, folder, file, source } = await published();
  const consumer = new Assembler();
  const [record] = await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], consumer }));
  expect(consumer.bytes.equals(source)).toBe(true);
  expect(consumer.taken.toSorted((one, other) => one - other)).toEqual([0, 40, 48, 100_048, 100_064, 170_064]);
  expect(await readdir(path.join(folder, '.parts'))).toEqual([]);
  expect(record!.sha256).toBe(file.sha256);
  expect(timesSent(hub, shard, bytesOfAll).every((times) => times === 1)).toBe(true);
});

test('a request spans small parts', async () => {
  const { hub, at, folder, file } = await published();
  await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], chunkBytes: bytesOfAll }));
  expect(hub.served).toHaveLength(1);
});

test('no more lies on the disk than may be held', async () => {
  const { at, folder, file, source } = await published();
  const consumer = new Assembler(100_000);
  const lying: number[] = [];
  const consume = async (part: Part): Promise<'release'> => {
    const names = await readdir(path.join(folder, '.parts'));
    lying.push(
      names.reduce((sum, name) => sum + sizes[[0, 40, 48, 100_048, 100_064, 170_064].indexOf(Number(name))]!, 0),
    );
    return consumer.consume(part);
  };
  const bounded = { consume, forget: () => consumer.forget(), maxHeldBytes: 100_000 };
  await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], consumer: bounded }));
  expect(consumer.bytes.equals(source)).toBe(true);
  expect(Math.max(...lying)).toBeLessThanOrEqual(100_000);
});

test('a part larger than all that may be held comes alone', async () => {
  const { at, folder, file, source } = await published();
  const consumer = new Assembler(50);
  await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], consumer }));
  expect(consumer.bytes.equals(source)).toBe(true);
});

test('a wrong hash makes void what was taken, and everything comes again', async () => {
  const { hub, at, folder, file, source } = await published();
  hub.faults.add({ path: shard, fault: { kind: 'corrupt' }, times: 1 });
  const consumer = new Assembler();
  await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], consumer }));
  expect(consumer.forgotten).toBe(1);
  expect(consumer.taken).toHaveLength(2 * sizes.length);
  expect(consumer.bytes.equals(source)).toBe(true);
});

test('a consumer that fails ends the download with its error; what it took is not fetched again', async () => {
  const { hub, at, folder, file, source } = await published();
  const failing = new Assembler();
  const consume = (part: Part): Promise<'release'> =>
    part.start === 100_064 ? Promise.reject(new Error('no memory')) : failing.consume(part);
  const options = { files: [split(file, folder)], sources: [at] };
  const consumer = { consume, forget: () => failing.forget(), maxHeldBytes: 1_000_000 };
  // One request at a time: nothing else is on its way when the error comes.
  await expect(downloadFiles(optionsFor(folder, { ...options, consumer, parallel: 1 }))).rejects.toThrow('no memory');
  const again = new Assembler();
  failing.bytes.copy(again.bytes);
  await downloadFiles(optionsFor(folder, { ...options, consumer: again }));
  expect(again.bytes.equals(source)).toBe(true);
  expect(
    timesSent(hub, shard, bytesOfAll)
      .subarray(0, 100_064)
      .every((times) => times === 1),
  ).toBe(true);
});

test('the beginning of a file can be had first, and is not fetched again with the rest', async () => {
  const { hub, at, folder, file, source } = await published();
  for (const beginning of [[8], [40]])
    expect(await downloadFiles(optionsFor(folder, { files: [split(file, folder, beginning)], sources: [at] }))).toEqual(
      [],
    );
  expect(await readFile(path.join(folder, '.parts/0'))).toEqual(source.subarray(0, 40));
  expect(hub.served.map(({ start, end }) => [start, end])).toEqual([
    [0, 8],
    [8, 40],
  ]);
  const consumer = new Assembler();
  await downloadFiles(optionsFor(folder, { files: [split(file, folder)], sources: [at], consumer }));
  expect(consumer.bytes.equals(source)).toBe(true);
  expect(timesSent(hub, shard, bytesOfAll).every((times) => times === 1)).toBe(true);
});

test('parts may lie in the whole file, each at its place', async () => {
  const { files, at, folder, file } = await published();
  const place = path.join(folder, 'checkpoint', shard);
  const parts = split(file, folder).parts.map((part) => ({ ...part, path: place, offset: part.start }));
  const consumer: PartConsumer = {
    maxHeldBytes: 110_000,
    consume: () => Promise.resolve('keep'),
    forget: () => Promise.resolve(),
  };
  await downloadFiles(optionsFor(folder, { files: [{ ...file, parts }], sources: [at], consumer }));
  expect(await hashesIn(folder, [shard])).toEqual(hashesOf(files));
});

test('a file that shall lie elsewhere begins anew', async () => {
  const { files, hub, at, folder, file } = await published();
  hub.faults.add({ path: shard, fault: { kind: 'status', status: 404 }, skip: 2 });
  const inParts = optionsFor(folder, { files: [split(file, folder)], sources: [at], parallel: 1 });
  await expect(downloadFiles(inParts)).rejects.toMatchObject({ code: 'download.refused' });
  hub.faults.clear();
  const whole = inOneFile(file, path.join(folder, 'checkpoint', shard));
  await downloadFiles(optionsFor(folder, { files: [whole], sources: [at] }));
  expect(await hashesIn(folder, [shard])).toEqual(hashesOf(files));
});

test('a part file that someone deleted comes back, the hash of the whole included', async () => {
  const { at, folder, file, source, hub } = await published();
  const options = { files: [split(file, folder)], sources: [at] };
  await downloadFiles(optionsFor(folder, options));
  await rm(path.join(folder, '.parts/48'));
  hub.served.length = 0;
  await downloadFiles(optionsFor(folder, options));
  expect(await readFile(path.join(folder, '.parts/48'))).toEqual(source.subarray(48, 100_048));
  expect(hub.served.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(100_000);
});
