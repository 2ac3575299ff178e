import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import type { FromWorker, ToWorker } from '../../shared/workerProtocol';
import { WorkerClient } from './workerClient';

let ours: MessagePort;
let theirs: MessagePort;
let client: WorkerClient;
let atWorker: ToWorker[];
let terminal: boolean[];
beforeEach(() => {
  ({ port1: ours, port2: theirs } = new MessageChannel());
  client = new WorkerClient((frame) => ours.postMessage(frame));
  atWorker = [];
  terminal = [];
  ours.on('message', (frame) => terminal.push(client.receive(frame)));
  theirs.on('message', (frame: ToWorker) => atWorker.push(frame));
});
afterEach(() => ours.close());

const answer = (...frames: FromWorker[]) => frames.forEach((frame) => theirs.postMessage(frame));
const delivered = () => new Promise((resolve) => setTimeout(resolve, 10));
const generate = { turns: [{ role: 'user', content: 'hi' }], sampling: {} } as const;
const input = { turns: [...generate.turns], sampling: {} };
const stats = {
  promptTokens: 1,
  reusedTokens: 0,
  newTokens: 1,
  timeToFirstTokenMs: 1,
  tokensPerSecond: 1,
  precision: 'int4',
  device: 'cpu',
  executionProvider: 'cpu',
  seed: 1,
};
const output = { finishReason: 'stop', stats, droppedTurns: 0, conversationBytes: 4096 };

test('events come in order, then the result; each request has its own', async () => {
  const events: unknown[] = [];
  const first = client.request('generate', input, { onEvent: (event) => events.push(event) });
  const second = client.request('generate', input);
  answer(
    { kind: 'event', id: 1, event: { kind: 'prefill', done: 0, total: 4 } },
    { kind: 'event', id: 1, event: { kind: 'delta', text: '你', tokens: 1 } },
    { kind: 'event', id: 2, event: { kind: 'delta', text: 'x', tokens: 1 } },
    { kind: 'error', id: 2, error: { code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } } },
    { kind: 'result', id: 1, output },
  );
  await expect(second).rejects.toMatchObject({ code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } });
  expect(await first).toEqual(output);
  expect(events).toEqual([
    { kind: 'prefill', done: 0, total: 4 },
    { kind: 'delta', text: '你', tokens: 1 },
  ]);
  expect(terminal).toEqual([false, false, false, true, true]);
});

test('frames after the terminal one, and of unknown requests, are dropped', async () => {
  const events: unknown[] = [];
  const request = client.request('generate', input, { onEvent: (event) => events.push(event) });
  answer(
    { kind: 'result', id: 1, output },
    { kind: 'event', id: 1, event: { kind: 'delta', text: 'late', tokens: 1 } },
    { kind: 'error', id: 1, error: { code: 'internal', params: {} } },
    { kind: 'result', id: 77, output },
  );
  expect(await request).toEqual(output);
  await delivered();
  expect(events).toEqual([]);
  expect(terminal).toEqual([true, false, false, false]);
});

test('aborting sends one cancel; the request ends with what the worker answers', async () => {
  const abort = new AbortController();
  const request = client.request('generate', input, { signal: abort.signal });
  abort.abort();
  abort.abort();
  await delivered();
  expect(atWorker.slice(1)).toEqual([{ kind: 'cancel', id: 1 }]);
  answer({ kind: 'result', id: 1, output: { ...output, finishReason: 'aborted' } });
  expect(await request).toMatchObject({ finishReason: 'aborted' });
});

test('a signal aborted beforehand cancels at once; one aborted afterwards sends nothing', async () => {
  const early = client.request('generate', input, { signal: AbortSignal.abort() });
  const late = new AbortController();
  const ended = client.request('generate', input, { signal: late.signal });
  answer({ kind: 'result', id: 1, output }, { kind: 'result', id: 2, output });
  await Promise.all([early, ended]);
  late.abort();
  await delivered();
  expect(atWorker.map(({ kind }) => kind)).toEqual(['request', 'cancel', 'request']);
});

test('a malformed event or output is a bug: the request is rejected, and a running one cancelled', async () => {
  const badEvent = client.request('generate', input);
  const badOutput = client.request('generate', input);
  answer(
    { kind: 'event', id: 1, event: { kind: 'delta', text: 7 } },
    { kind: 'result', id: 2, output: { finishReason: 'bored' } },
  );
  expect(await Promise.allSettled([badEvent, badOutput])).toMatchObject([
    { status: 'rejected', reason: { name: 'ZodError' } },
    { status: 'rejected', reason: { name: 'ZodError' } },
  ]);
  await delivered();
  expect(atWorker.filter(({ kind }) => kind === 'cancel')).toEqual([{ kind: 'cancel', id: 1 }]);
});

test('when the process is gone everything pending is rejected, and so is every later request', async () => {
  const pending = [client.request('generate', input), client.request('hardware', {})];
  const crashed = new AppError('worker.crashed', { exitCode: 134 });
  client.close(crashed);
  for (const request of [...pending, client.request('hardware', {})]) await expect(request).rejects.toBe(crashed);
});
