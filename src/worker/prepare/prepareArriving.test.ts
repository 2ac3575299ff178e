import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { layOutCheckpoint, openCheckpoint, readTensor } from '../checkpoint/checkpoint';
import { writeRandomCheckpoint } from '../checkpoint/randomCheckpoint.test-support';
import { seededRandom } from '../sampling/seededRandom';
import { Arrivals } from './arrivals';
import type { ArrivedTensor } from './arrivingJobs';
import { prepareArriving, type ArrivingOptions, type DoneTensors } from './prepareArriving';
import { prepareCheckpoint } from './prepareCheckpoint';
import { sha256OfFiles } from './sha256OfFiles.test-support';
import { splitCheckpoint, type SplitCheckpoint } from './splitCheckpoint.test-support';

const shape = { layers: 2, hiddenSize: 128, feedForwardSize: 192, vocabularySize: 512 };
const embedding = 'transformer.wte.weight';
const head = 'lm_head.weight';
const bias = 'transformer.h.1.attn.c_attn.bias';
const fingerprint = '0123456789abcdef';
const int8 = { precision: 'int8', floatType: 'float32' } as const;

let root: string;
let source: string;
let split: SplitCheckpoint;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'deskmate-arriving-'));
  onTestFinished(() => rm(root, { recursive: true }));
  source = path.join(root, 'source');
  folder = path.join(root, 'prepared');
  await writeRandomCheckpoint(source, shape);
  split = await splitCheckpoint(source, path.join(root, 'checkpoint'));
});

/** Starts to prepare, and says when a tensor is done, or all that an earlier run did. */
function start(options: Partial<ArrivingOptions> = {}) {
  const arrivals = new Arrivals();
  const events: DoneTensors[] = [];
  let onEvent: () => void = () => undefined;
  const prepared = (async () => {
    const { config, tensors } = await layOutCheckpoint(split);
    return prepareArriving({
      ...{ checkpoint: { config, tensors, fingerprint }, folder, ...int8, isStandalone: true, arrivals, ...options },
      onDone(event) {
        events.push(event);
        options.onDone?.(event);
        onEvent();
      },
    });
  })();
  prepared.catch(() => undefined); // whoever waits for `seen` first looks at it later
  const doneNames = () => new Set(events.flatMap(({ tensors }) => tensors));
  const seen = (isSeen: () => boolean): Promise<unknown> => {
    const happened = new Promise<void>((resolve) => {
      onEvent = () => void (isSeen() && resolve());
      onEvent();
    });
    return Promise.race([happened, prepared]);
  };
  const started = () => seen(() => events.length > 0);
  const done = (...names: string[]) => seen(() => names.every((name) => doneNames().has(name)));
  return { arrivals, events, prepared, started, done, doneNames };
}

const part = (name: string): ArrivedTensor => split.parts.find((candidate) => candidate.name === name)!;
const partsBut = (...names: string[]) => split.parts.filter(({ name }) => !names.includes(name));

async function prepareAll(options: Partial<ArrivingOptions> = {}, parts = split.parts) {
  const { arrivals, prepared } = start(options);
  await Promise.all([arrivals.arrive(parts), arrivals.conclude()]);
  return prepared;
}

/** The files of `prepareCheckpoint`, by their sums. */
async function ordinary(form: Pick<ArrivingOptions, 'precision' | 'floatType'>): Promise<Record<string, string>> {
  const there = path.join(root, 'ordinary');
  const checkpoint = await openCheckpoint(source, fingerprint);
  await prepareCheckpoint({ checkpoint, folder: there, ...form });
  const { 'manifest.json': ofManifest, ...sums } = await sha256OfFiles(there);
  expect(ofManifest).toBeDefined();
  await rm(there, { recursive: true });
  return sums;
}

/** What the folder must be in the end: the same files, and the embedding as the shard has it. */
async function expectWhole(form: Pick<ArrivingOptions, 'precision' | 'floatType'> = int8): Promise<void> {
  const { 'manifest.json': ofManifest, [`${embedding}.bin`]: ofEmbedding, ...sums } = await sha256OfFiles(folder);
  expect(ofManifest).toBeDefined();
  expect(ofEmbedding).toBeDefined();
  expect(sums).toEqual(await ordinary(form));
  const { tensors } = await openCheckpoint(source);
  const stored = await readTensor(tensors.get(embedding)!);
  expect(Buffer.compare(await readFile(path.join(folder, `${embedding}.bin`)), stored)).toBe(0);
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = seededRandom(7);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe('in whichever order tensors arrive, the files are those of prepareCheckpoint', () => {
  test.each([
    ['nf4', 'float16', 0],
    ['int8', 'float32', 2],
    ['int4', 'float32', 0],
    ['bf16', 'float16', 2],
  ] as const)('%s in %s, %i threads', async (precision, floatType, threads) => {
    const form = { precision, floatType };
    await prepareAll({ ...form, threads }, shuffled(split.parts));
    await expectWhole(form);
  });

  test('bf16 for a CPU takes every tensor as it is stored', async () => {
    const { manifest } = await prepareAll({ precision: 'bf16' });
    const { tensors } = await openCheckpoint(source);
    for (const [name, tensor] of tensors) {
      const prepared = manifest.tensors[name]!;
      if (prepared.encoding !== 'stored') throw new Error(`${name} is ${prepared.encoding}`);
      const { file, offset, byteLength } = prepared.values;
      const bytes = (await readFile(path.join(folder, file))).subarray(offset, offset + byteLength);
      expect(Buffer.compare(bytes, await readTensor(tensor))).toBe(0);
    }
  });

  test('straight out of the shards', async () => {
    const { tensors } = await openCheckpoint(source);
    await prepareAll({}, [...tensors.values()]);
    await expectWhole();
  });
});

test('what is said to be done is read no more', async () => {
  const read = new Set<string>();
  const onDone = ({ tensors }: DoneTensors) => {
    for (const name of tensors) read.add(name);
  };
  const { arrivals, done, prepared, events } = start({ onDone, threads: 1 });
  for (const tensor of partsBut(bias)) {
    await arrivals.arrive([tensor]);
    if (!tensor.name.endsWith('.weight') || /ln_\w+\.weight$/.test(tensor.name)) continue; // these wait for each other
    await done(tensor.name);
    await rm(tensor.file);
  }
  await arrivals.arrive([part(bias)]);
  expect(read).not.toContain(bias);
  await arrivals.conclude();
  await prepared;
  expect(read).toEqual(new Set(split.parts.map(({ name }) => name)));
  expect(events[0]).toMatchObject({ tensors: [], doneBytes: 0 });
  expect(events.at(-1)!.doneBytes).toBe(events[0]!.totalBytes);
  await expectWhole();
});

test('stopped, it goes on with what is done', async () => {
  const abort = new AbortController();
  const first = start({ signal: abort.signal });
  const some = split.parts.slice(0, 5);
  await first.arrivals.arrive(some);
  const matrices = [embedding, 'transformer.h.0.attn.c_attn.weight', 'transformer.h.0.attn.c_proj.weight'];
  await first.done(...matrices);
  abort.abort();
  await expect(first.prepared).rejects.toMatchObject({ name: 'AbortError' });
  expect((await readdir(folder)).sort()).toEqual(['journal.jsonl', ...matrices.map((name) => `${name}.bin`)].sort());

  const second = start();
  await second.started();
  expect(new Set(second.events[0]!.tensors)).toEqual(new Set(matrices));
  await second.arrivals.arrive(partsBut(...matrices));
  await second.arrivals.conclude();
  await second.prepared;
  await expectWhole();
});

test('a stop ends it within a second, threads and all', async () => {
  const large = path.join(root, 'large');
  await writeRandomCheckpoint(large, { ...shape, hiddenSize: 1024, vocabularySize: 65_536 });
  const { config, tensors } = await openCheckpoint(large);
  const arrivals = new Arrivals();
  const abort = new AbortController();
  const checkpoint = { config, tensors, fingerprint };
  const form = { precision: 'nf4', floatType: 'float16', isStandalone: true } as const;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const options = { checkpoint, folder, ...form, arrivals, signal: abort.signal, threads: 2, onDone: begin };
  const prepared = prepareArriving(options);
  await Promise.all([begun, arrivals.arrive([...tensors.values()]), arrivals.conclude()]);
  const stoppedAt = performance.now();
  abort.abort();
  await expect(prepared).rejects.toMatchObject({ name: 'AbortError' });
  expect(performance.now() - stoppedAt).toBeLessThan(1000);
  expect((await readdir(folder)).filter((name) => name.startsWith('lock') || name === 'manifest.json')).toEqual([]);
});

/** Overwrites the first weight of a part. */
async function damage({ file, offset }: ArrivedTensor, bits: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Uint8Array.of(bits & 0xff, bits >>> 8), 0, 2, offset);
  await handle.close();
}

const nan = 0x7fc0;
const one = 0x3f80;

test('forgotten tensors are made anew, and only they', async () => {
  await damage(part(head), one);
  const { arrivals, prepared, done } = start();
  const wanted = await readTensor((await openCheckpoint(source)).tensors.get(head)!);
  await arrivals.arrive(split.parts);
  await done(head, embedding, 'transformer.h.1.mlp.c_proj.weight');
  for (const { name, file } of split.parts) if (/wte|h\.\d\.(attn|mlp).*weight$/.test(name)) await rm(file);
  await arrivals.forget([head, bias]);
  expect(await readdir(folder)).not.toContain(`${head}.bin`);
  await writeFile(part(head).file, wanted);
  await arrivals.conclude();
  await arrivals.arrive([{ ...part(head), offset: 0 }, part(bias)]);
  await prepared;
  await expectWhole();
});

test('a tensor that is forgotten at once does no harm, whatever is in it', async () => {
  await damage(part(head), nan);
  const { arrivals, prepared } = start({ threads: 1 });
  const told = [arrivals.arrive(split.parts), arrivals.forget([head])];
  const { tensors } = await openCheckpoint(source);
  await Promise.all([...told, arrivals.arrive([tensors.get(head)!]), arrivals.conclude()]);
  await prepared;
  await expectWhole();
});

test('what was forgotten is not remembered by the next run', async () => {
  const abort = new AbortController();
  const first = start({ signal: abort.signal });
  await first.arrivals.arrive(split.parts);
  await first.done(head, embedding);
  await first.arrivals.forget([head]);
  abort.abort();
  await expect(first.prepared).rejects.toMatchObject({ name: 'AbortError' });
  const second = start();
  await second.started();
  expect(second.events[0]!.tensors).toContain(embedding);
  expect(second.events[0]!.tensors).not.toContain(head);
  await Promise.all([second.arrivals.arrive(split.parts), second.arrivals.conclude()]);
  await second.prepared;
  await expectWhole();
});

test('nothing can be forgotten when it has ended, and nothing else is told to anyone', async () => {
  const { arrivals, prepared } = start();
  await Promise.all([arrivals.arrive(split.parts), arrivals.conclude()]);
  await prepared;
  await expect(arrivals.forget([head])).rejects.toMatchObject({ code: 'prepare.failed' });
  await arrivals.arrive(split.parts);
  await arrivals.conclude();
  await expectWhole();
});

test.each([
  { form: int8, bits: nan, code: 'checkpoint.notFinite' },
  { form: { precision: 'bf16', floatType: 'float16' } as const, bits: 0x47c0, code: 'checkpoint.float16Overflow' },
])('$code ends it with the name of the tensor; the rest stays', async ({ form, bits, code }) => {
  const first = start(form);
  await first.arrivals.arrive(partsBut(head));
  await first.done(embedding);
  const right = await readFile(part(head).file);
  await damage(part(head), bits);
  await first.arrivals.arrive([part(head)]);
  await expect(first.prepared).rejects.toMatchObject({ code, params: { tensor: head } });
  expect(await readdir(folder)).not.toContain(`${head}.bin`);

  await writeFile(part(head).file, right);
  const second = start(form);
  await second.started();
  expect(second.events[0]!.tensors).toContain(embedding);
  await Promise.all([second.arrivals.arrive(split.parts), second.arrivals.conclude()]);
  await second.prepared;
  await expectWhole(form);
});

test('a part that is cut short is told by its shard and tensor', async () => {
  await writeFile(part(head).file, new Uint8Array(100));
  await expect(prepareAll()).rejects.toMatchObject({
    code: 'checkpoint.invalidShard',
    params: { file: 'model-00002-of-00002.safetensors', reason: `it ends within ${head}` },
  });
});

test('a folder that is whole needs no tensor', async () => {
  await prepareAll();
  const { events, prepared } = start();
  const { manifest } = await prepared;
  expect(events).toEqual([expect.objectContaining({ doneBytes: events[0]!.totalBytes })]);
  expect(new Set(events[0]!.tensors)).toEqual(new Set(Object.keys(manifest.tensors)));
});

test('a folder that lacks nothing but its graph needs no tensor either', async () => {
  await prepareAll();
  const whole = await sha256OfFiles(folder);
  await rm(path.join(folder, 'model.onnx'));
  const { events, prepared } = start();
  await prepared;
  expect(events).toEqual([expect.objectContaining({ doneBytes: events[0]!.totalBytes })]);
  expect(await sha256OfFiles(folder)).toEqual(whole);
});

test('a folder that needs the shards is only completed', async () => {
  await prepareCheckpoint({ checkpoint: await openCheckpoint(source, fingerprint), folder, ...int8 });
  const { events, arrivals, prepared, started } = start();
  await started();
  expect(events[0]!.tensors).toHaveLength(split.parts.length - 1);
  await Promise.all([arrivals.arrive([part(embedding)]), arrivals.conclude()]);
  await prepared;
  await expectWhole();
});

test('where the shards stay nothing is copied from them', async () => {
  const { arrivals, prepared, started, events } = start({ isStandalone: false });
  await started();
  expect(events[0]!.tensors).toEqual([]); // the embedding is looked at
  await Promise.all([arrivals.arrive(split.parts), arrivals.conclude()]);
  const { manifest } = await prepared;
  expect(await readdir(folder)).not.toContain(`${embedding}.bin`);
  const ordinarily = { checkpoint: await openCheckpoint(source, fingerprint), folder: path.join(root, 'ordinary') };
  expect((await prepareCheckpoint({ ...ordinarily, ...int8 })).manifest).toEqual(manifest);
});

test('where the shards stay bf16 for a CPU is only looked at', async () => {
  const form = { precision: 'bf16', floatType: 'float32', isStandalone: false } as const;
  const first = start(form);
  const damaged = { ...part(head), file: path.join(root, 'damaged') };
  await writeFile(damaged.file, await readFile(part(head).file));
  await damage(damaged, nan);
  await first.arrivals.arrive([damaged]);
  await expect(first.prepared).rejects.toMatchObject({ code: 'checkpoint.notFinite', params: { tensor: head } });
  const { manifest } = await prepareAll(form);
  expect(manifest.tensors).toEqual({});
  expect(await readdir(folder)).toEqual(['manifest.json', 'model.onnx']);
});

test('weights of another content are made anew', async () => {
  await prepareAll();
  const { config, tensors } = await layOutCheckpoint(split);
  const { events, arrivals, prepared, started } = start({ checkpoint: { config, tensors, fingerprint: 'another' } });
  await started();
  expect(events[0]!.tensors).toEqual([]);
  await Promise.all([arrivals.arrive(split.parts), arrivals.conclude()]);
  expect((await prepared).manifest.identity.source).toBe('another');
});

/** Mounts a file system of 6 MB, where this user may. */
async function mountSmallDisk(): Promise<boolean> {
  await mkdir(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false; // not root, or not Linux
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return (await statfs(folder)).bsize > 0;
}

test('a disk that is full is told with the bytes that are missing; what is done stays', async ({ skip }) => {
  if (!(await mountSmallDisk())) skip();
  const first = start();
  await first.arrivals.arrive(partsBut(head));
  await first.done(embedding);
  const ballast = path.join(folder, 'ballast');
  await writeFile(ballast, new Uint8Array(6 << 20)).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  });
  await first.arrivals.arrive([part(head)]);
  await expect(first.prepared).rejects.toMatchObject({ code: 'prepare.diskFull', params: { folder } });
  expect(await readdir(folder)).not.toContain(`${head}.bin`);

  await rm(ballast);
  const second = start();
  await second.started();
  expect(second.events[0]!.tensors).toContain(embedding);
  await Promise.all([second.arrivals.arrive(split.parts), second.arrivals.conclude()]);
  await second.prepared;
  await expectWhole();
});
