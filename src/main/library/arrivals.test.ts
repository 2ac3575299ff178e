import { beforeEach, expect, test, vi } from 'vitest';
import type { WorkerInput } from '../../shared/workerProtocol';
import type { WantedFile } from '../download/downloadPlan';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { Arrivals } from './arrivals';
import type { ShardPart } from './shardParts';

/** One part with one tensor in each of two shards. */
const partOf = (shard: string, byteLength = 2_000_000): ShardPart => ({
  ...{ path: `/parts/${shard}`, offset: 0, start: 50, sizeBytes: byteLength },
  tensors: [{ name: `tensor of ${shard}`, shard, offset: 50, byteLength, isNeeded: true }],
});
const [a, b] = [partOf('a.safetensors'), partOf('b.safetensors')];
/** As c_attn's biases lie in Qwen-7B-Chat's shards: alone between two matrices. */
const bias = partOf('bias.safetensors', 24_576);
const fileOf = (part: ShardPart, shard: string): WantedFile => ({
  ...{ path: shard, sizeBytes: 50 + part.sizeBytes, sha256: null, gitId: null, parts: [part] },
});

let worker: ScriptedWorker;
let preparing: number[];
let told: WorkerInput<'arrive'>['tensors'][];
let forgotten: string[][];
let preparedBytes: number[];
/** What the process does before it forgets. */
let beforeForgetting: () => void;
let arrivals: Arrivals;
const onFailure = vi.fn();

beforeEach(() => {
  [preparing, told, forgotten, preparedBytes] = [[], [], [], []];
  beforeForgetting = () => undefined;
  onFailure.mockClear();
  const answer = ({ id }: { id: number }) => worker.send({ kind: 'result', id, output: {} });
  const host = new WorkerHost({
    spawn: () =>
      (worker = new ScriptedWorker({
        prepareArriving: ({ id }) => void preparing.push(id),
        arrive: (request) => {
          told.push((request.input as WorkerInput<'arrive'>).tensors);
          answer(request);
        },
        forget: (request) => {
          beforeForgetting();
          forgotten.push((request.input as WorkerInput<'forget'>).tensors);
          answer(request);
        },
        conclude: (request) => {
          answer(request);
          worker.send({ kind: 'result', id: preparing.at(-1)!, output: { bytes: 1 } });
        },
      })),
    reportBug: (bug) => expect.unreachable(String(bug)),
  });
  arrivals = new Arrivals({
    ...{ host, parts: [a, b, bias], releases: true, onFailure },
    onPrepared: (bytes) => preparedBytes.push(bytes),
    request: { folder: '/', shards: [], preparedFolder: '/', precision: 'int4', device: 'cpu', fingerprint: 'f' },
    signal: new AbortController().signal,
  });
});

const prepared = (name: string) =>
  worker.send({ kind: 'event', id: preparing.at(-1)!, event: { tensors: [name], doneBytes: 10, totalBytes: 20 } });
const notFinite = (tensor: string) =>
  worker.send({
    ...{ kind: 'error', id: preparing.at(-1)! },
    error: { code: 'checkpoint.notFinite', params: { tensor, file: 'x' } },
  });

test('a part is let go when its tensor is prepared, and not before', async () => {
  let answer: string | null = null;
  const consumed = arrivals.consume(a).then((given) => (answer = given));
  await vi.waitFor(() => expect(told).toEqual([[{ name: 'tensor of a.safetensors', file: a.path, offset: 0 }]]));
  expect(answer).toBeNull();
  prepared('tensor of a.safetensors');
  expect(await consumed).toBe('release');
});

test('a norm or a bias is waited for by nobody, also alone: it is prepared when all has arrived', async () => {
  expect(await arrivals.consume(bias)).toBe('keep');
  expect(told).toHaveLength(1);
});

test('NaN in a shard waits for its hash: wrong, it is forgotten and comes again; the other shard goes on', async () => {
  const [first, second] = [arrivals.consume(a), arrivals.consume(b)];
  await vi.waitFor(() => expect(told).toHaveLength(2));
  notFinite('tensor of a.safetensors');
  expect(await first).toBe('keep');
  await vi.waitFor(() => expect(preparing).toHaveLength(2));
  await vi.waitFor(() => expect(told.at(-1)).toMatchObject([{ name: 'tensor of b.safetensors' }]));
  await arrivals.forget(fileOf(a, 'a.safetensors'));
  expect(forgotten).toEqual([['tensor of a.safetensors']]);
  const again = arrivals.consume(a);
  await vi.waitFor(() => expect(told).toHaveLength(4));
  prepared('tensor of a.safetensors');
  prepared('tensor of b.safetensors');
  expect(await Promise.all([again, second])).toEqual(['release', 'release']);
  await arrivals.conclude();
  expect(onFailure).not.toHaveBeenCalled();
});

test('NaN in a shard whose hash is right is the checkpoint’s own, and ends it', async () => {
  const first = arrivals.consume(a);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  notFinite('tensor of a.safetensors');
  expect(await first).toBe('keep');
  await expect(arrivals.conclude()).rejects.toMatchObject({ code: 'checkpoint.notFinite' });
});

test('any other failure ends the download at once', async () => {
  const first = arrivals.consume(a);
  await vi.waitFor(() => expect(told).toHaveLength(1));
  worker.exit(137);
  await expect(first).rejects.toMatchObject({ code: 'worker.crashed' });
  expect(onFailure).toHaveBeenCalledOnce();
});

test('small files and headers stay, and are told to nobody', async () => {
  expect(await arrivals.consume({ path: '/checkpoint/config.json', offset: 0, start: 0, sizeBytes: 9 })).toBe('keep');
  expect(told).toEqual([]);
});

test('what is forgotten is prepared no more: not in the figures, and not if it was just being made', async () => {
  const [first, second] = [arrivals.consume(a), arrivals.consume(b)];
  await vi.waitFor(() => expect(told).toHaveLength(2));
  prepared('tensor of b.safetensors');
  await second;
  beforeForgetting = () => prepared('tensor of a.safetensors');
  await arrivals.forget(fileOf(a, 'a.safetensors'));
  expect(preparedBytes).toEqual([2_000_000, 4_000_000, 2_000_000]);
  let answer: string | null = null;
  const again = arrivals.consume(a).then((given) => (answer = given));
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(answer).toBeNull();
  prepared('tensor of a.safetensors');
  await again;
  expect(preparedBytes.at(-1)).toBe(4_000_000);
  void first; // it was void when its shard was forgotten
});
