import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../shared/appError';
import type { GenerationStats } from '../shared/generation';
import type { OpenedModel } from '../shared/model';
import { FromWorker, workerMethods } from '../shared/workerProtocol';
import { createMethods } from './methods';
import { serve, type Methods } from './serve';

const stats: GenerationStats = {
  promptTokens: 20,
  reusedTokens: 0,
  newTokens: 2,
  timeToFirstTokenMs: 1,
  tokensPerSecond: 1,
  precision: 'int8',
  device: 'cpu',
  executionProvider: 'CPUExecutionProvider',
  seed: 1,
};
const done = { finishReason: 'stop', stats, droppedTurns: 0, conversationBytes: 4096 } as const;
const unused = () => Promise.reject(new Error('not part of this test'));
const names = Object.keys(workerMethods);
// Every method has its name there, and `unused` is one of any type.
const unusedMethods = Object.fromEntries(names.map((name) => [name, unused])) as unknown as Methods;

const loadInput = {
  ...{ modelFolder: 'm', preparedFolder: 'p', fingerprint: null },
  ...{ precision: 'auto', device: 'auto', forms: null, proof: null, measurements: [] },
};

const channels: MessageChannel[] = [];
afterEach(() => channels.splice(0).forEach(({ port1 }) => port1.close()));

/** A worker at the other end of a real channel, and what it has sent so far. */
function start(methods: Partial<Methods>) {
  const channel = new MessageChannel();
  channels.push(channel);
  const { port1: near, port2: far } = channel;
  const frames: FromWorker[] = [];
  near.on('message', (raw) => frames.push(FromWorker.parse(raw)));
  const reportBug = vi.fn();
  const onShutdown = vi.fn();
  const port = {
    send: (frame: FromWorker) => far.postMessage(frame),
    onFrame: (listener: (raw: unknown) => void) => void far.on('message', listener),
  };
  serve(port, { methods: { ...unusedMethods, ...methods }, reportBug, onShutdown });
  const about = (id: number) => frames.filter((frame) => 'id' in frame && frame.id === id);
  const ended = (id: number) => vi.waitFor(() => expect(about(id).at(-1)?.kind).toMatch(/^(result|error)$/));
  const post = (frame: unknown) => near.postMessage(frame);
  const generate = (id: number, input: unknown = { turns: [{ role: 'user', content: '你好' }], sampling: {} }) =>
    post({ kind: 'request', id, method: 'generate', input });
  /** Resolves once the worker has taken every frame so far: it answers in order. */
  const settled = async () => {
    post({ kind: 'request', id: 999, method: 'nothing', input: {} });
    await ended(999);
  };
  return { frames, about, ended, post, generate, settled, reportBug, onShutdown };
}

/** Ends when it is cancelled. */
const patient: Methods['generate'] = (_, { signal }) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ ...done, finishReason: 'aborted' }));
  });

test('a worker says it is ready, and which protocol it speaks', async () => {
  const { frames } = start({});
  await vi.waitFor(() => expect(frames).toEqual([{ kind: 'ready', protocolVersion: 1 }]));
});

test('events come in order, before the one result', async () => {
  const { about, ended, generate } = start({
    generate: async (_, { emit }) => {
      emit({ kind: 'prefill', done: 20, total: 20 });
      await Promise.resolve();
      emit({ kind: 'delta', text: '你', tokens: 1 });
      return done;
    },
  });
  generate(7);
  await ended(7);
  expect(about(7)).toEqual([
    { kind: 'event', id: 7, event: { kind: 'prefill', done: 20, total: 20 } },
    { kind: 'event', id: 7, event: { kind: 'delta', text: '你', tokens: 1 } },
    { kind: 'result', id: 7, output: done },
  ]);
});

test('nothing is sent for a request that has ended', async () => {
  let late: () => void = () => undefined;
  const { about, ended, generate, post, settled } = start({
    generate: (_, { emit }) => {
      late = () => emit({ kind: 'delta', text: 'late', tokens: 1 });
      return Promise.resolve(done);
    },
  });
  generate(1);
  await ended(1);
  late();
  post({ kind: 'cancel', id: 1 });
  await settled();
  expect(about(1)).toHaveLength(1);
});

test('an expected failure crosses as its code, a bug as "internal" and in full to the report', async () => {
  const bug = new TypeError('undefined is not a function');
  const { about, ended, generate, post, reportBug } = start({
    generate: () => Promise.reject(new AppError('prompt.tooLong', { tokens: 9, limit: 8 })),
    hardware: () => Promise.reject(bug),
  });
  generate(1);
  post({ kind: 'request', id: 2, method: 'hardware', input: {} });
  await ended(2);
  expect(about(1)).toEqual([
    { kind: 'error', id: 1, error: { code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } } },
  ]);
  expect(about(2)).toEqual([{ kind: 'error', id: 2, error: { code: 'internal', params: {} } }]);
  expect(reportBug.mock.calls).toEqual([[bug]]);
});

test('a method that throws before it waits still gets its error frame', async () => {
  const { about, ended, generate } = start({
    generate: () => {
      throw new AppError('model.notLoaded');
    },
  });
  generate(1);
  await ended(1);
  expect(about(1)).toEqual([{ kind: 'error', id: 1, error: { code: 'model.notLoaded', params: {} } }]);
});

test('cancel ends the request it names and no other, however often it comes', async () => {
  const { about, ended, generate, post, settled } = start({ generate: patient });
  generate(1);
  generate(2);
  for (const id of [1, 1, 77]) post({ kind: 'cancel', id });
  await ended(1);
  await settled();
  expect(about(1)).toEqual([{ kind: 'result', id: 1, output: { ...done, finishReason: 'aborted' } }]);
  expect(about(2)).toEqual([]);
  post({ kind: 'cancel', id: 2 });
  await ended(2);
});

test('a method that throws what cancelled it is no bug', async () => {
  const { about, ended, post, reportBug } = start({
    load: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  });
  post({ kind: 'request', id: 1, method: 'load', input: loadInput });
  post({ kind: 'cancel', id: 1 });
  await ended(1);
  expect(about(1)).toHaveLength(1);
  expect(reportBug).not.toHaveBeenCalled();
});

test.each(Object.keys(workerMethods))('bad input never reaches %s', async (method) => {
  const reached = vi.fn(unused);
  const { about, ended, post } = start({ [method]: reached });
  post({ kind: 'request', id: 1, method, input: 'not an object' });
  await ended(1);
  expect(about(1)).toEqual([{ kind: 'error', id: 1, error: { code: 'ipc.invalidInput', params: { route: method } } }]);
  expect(reached).not.toHaveBeenCalled();
});

test('an unknown method is answered, and other garbage only reported', async () => {
  const { about, ended, frames, post, reportBug } = start({});
  for (const garbage of [null, 'x', { kind: 'dance', id: 3 }, { kind: 'request', id: 'x', method: 'load' }])
    post(garbage);
  post({ kind: 'request', id: 4, method: 'toString', input: {} });
  await ended(4);
  expect(about(4)).toEqual([
    { kind: 'error', id: 4, error: { code: 'ipc.unknownRoute', params: { route: 'toString' } } },
  ]);
  expect(frames).toHaveLength(2);
  expect(reportBug).toHaveBeenCalledTimes(5);
});

test('a number that is in use is not used twice', async () => {
  const { about, ended, generate, post, settled, reportBug } = start({ generate: patient });
  generate(1);
  generate(1);
  await settled();
  post({ kind: 'cancel', id: 1 });
  await ended(1);
  expect(about(1)).toHaveLength(1);
  expect(reportBug).toHaveBeenCalledWith(new Error('request 1 is running already'));
});

test('shutdown ends what runs, and waits for it', async () => {
  const order: string[] = [];
  const { generate, post, onShutdown } = start({
    generate: async (...request) => {
      const output = await patient(...request);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('answer ended');
      return output;
    },
  });
  onShutdown.mockImplementation(() => order.push('shutdown'));
  generate(1);
  post({ kind: 'shutdown' });
  await vi.waitFor(() => expect(order).toEqual(['answer ended', 'shutdown']));
});

const opened: OpenedModel = {
  precision: 'int8',
  device: 'cpu',
  deviceName: 'CPU',
  executionProvider: 'CPUExecutionProvider',
  computedIn: 'float32',
  contextLength: 2048,
  reason: 'noGpu',
  memory: { kind: 'ram', totalBytes: 1, othersBytes: 0, weightsBytes: 1, conversationBytes: 0 },
  measurement: null,
};

test('the methods load a model and let it answer', async () => {
  const { about, ended, generate, post } = start(
    createMethods((options) => {
      options.onProgress({ stage: 'opening', fraction: null });
      return Promise.resolve({
        opened,
        conversationBytes: 4096,
        answer(turns, _sampling, { onPrefill, onDelta }) {
          onPrefill(1, 1);
          onDelta(turns[0]!.content, 1);
          return Promise.resolve({ ...done, text: '你好', ids: [108386] });
        },
      });
    }),
  );
  generate(1);
  post({ kind: 'request', id: 2, method: 'load', input: loadInput });
  await ended(2);
  generate(3);
  post({ kind: 'request', id: 4, method: 'load', input: loadInput });
  await ended(3);
  await ended(4);
  expect(about(1)).toEqual([{ kind: 'error', id: 1, error: { code: 'model.notLoaded', params: {} } }]);
  expect(about(2)).toEqual([
    { kind: 'event', id: 2, event: { stage: 'opening', fraction: null } },
    { kind: 'result', id: 2, output: opened },
  ]);
  expect(about(3)).toEqual([
    { kind: 'event', id: 3, event: { kind: 'prefill', done: 1, total: 1 } },
    { kind: 'event', id: 3, event: { kind: 'delta', text: '你好', tokens: 1 } },
    { kind: 'result', id: 3, output: done },
  ]);
  expect(about(4)).toEqual([{ kind: 'error', id: 4, error: { code: 'internal', params: {} } }]);
});

test('verdicts are those of this computer, best first', async () => {
  const { about, ended, post } = start(createMethods(unused));
  const shape = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
  const failed = { precision: 'int8', device: 'cpu', contextLength: 2048, peakBytes: null };
  const input = { shape, released: { ramBytes: 0, vramBytes: 0 }, proof: null, measurements: [failed] };
  post({ kind: 'request', id: 1, method: 'verdicts', input });
  await ended(1);
  const [result] = about(1);
  const verdicts = workerMethods.verdicts.output.parse(result?.kind === 'result' ? result.output : null);
  expect(verdicts).toHaveLength(8);
  const int8 = verdicts.find(({ precision, device }) => precision === 'int8' && device === 'cpu');
  expect(int8).toMatchObject({ verdict: 'wontRun', reason: 'failedBefore', contextLength: 2048 });
});
