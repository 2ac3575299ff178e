import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/appError';
import type { StreamFrame } from '../../shared/ipc/define';
import { contract } from '../../shared/ipc/contract';
import type { Handlers } from './router';
import { Router } from './router';

/** Every route answered by a spy: what reaches a handler is written down. */
let reached: [string, unknown][];
let bugs: unknown[];
let router: Router;
let streamClosed: boolean;
let answer: (route: string, emit?: (event: unknown) => void) => unknown;
beforeEach(() => {
  [reached, bugs, streamClosed] = [[], [], false];
  answer = (route) => (route.endsWith('watch') ? () => (streamClosed = true) : { answered: route });
  const spies = Object.keys(contract).map((route) => [
    route,
    (input: unknown, emit?: (event: unknown) => void) => {
      reached.push([route, input]);
      return answer(route, emit);
    },
  ]);
  // Spies take anything; that the real handlers fit their routes is the compiler's business.
  router = new Router(Object.fromEntries(spies) as Handlers, (bug) => bugs.push(bug));
});

async function outcome(route: string, input: unknown): Promise<unknown> {
  if (Object.hasOwn(contract, route) && contract[route as keyof typeof contract].kind === 'stream') {
    return new Promise((resolve) => void router.openStream(route, input, resolve));
  }
  return router.call(route, input);
}

const wrong: unknown[] = [undefined, null, 7, 'text', [], () => 1];
const anInstall = {
  modelId: 'qwen-7b-chat',
  precision: 'nf4',
  device: 'gpu',
  keepsOriginals: false,
  acceptsLicence: true,
};
/** Inputs that have the right shape, but not the right content. */
const wrongByRoute: Record<string, unknown[]> = {
  'conversations.rename': [
    { conversationId: 1, title: '' },
    { conversationId: 1, title: 'x'.repeat(201) },
  ],
  'conversations.delete': [{}, { conversationId: 0 }, { conversationId: '1' }, { conversationId: 1.5 }],
  'conversations.restore': [{ conversationId: -1 }, { conversationId: null }],
  'chat.watch': [{}, { conversationId: null }, { conversationId: 2 ** 60 }],
  'chat.send': [
    { conversationId: 1 },
    { text: 'no id' },
    { conversationId: 1, text: ' \n ' },
    { conversationId: 1, text: 'x'.repeat(20_000_001) },
  ],
  'chat.regenerate': [{}],
  'chat.restoreAnswer': [{}],
  'chat.stop': [{ conversationId: {} }],
  'library.install': [
    { ...anInstall, modelId: '../..' },
    { ...anInstall, acceptsLicence: false },
    { ...anInstall, precision: 'auto' },
  ],
  'library.pause': [{}, { modelId: 'C:' }],
  'library.resume': [{}, { modelId: '/etc' }],
  'library.cancel': [{}, { modelId: '.' }],
  'library.repair': [{}, { modelId: 'a b' }],
  'library.remove': [{}, { modelId: '..' }, { modelId: 'a/b' }, { modelId: '' }],
  'library.choose': [{}, { modelId: 'x'.repeat(65) }],
  'library.import': [{}, { isCopied: 'yes' }],
  'library.checkSources': [{}, { modelId: null }],
  'library.verdicts': [{}, { modelId: 7 }],
  'system.proveGpu': [{}],
  'settings.change': [
    { modelId: 'demo' },
    { modelsFolder: '/' },
    { sourceOrder: ['custom', 'custom'] },
    { theme: 'pink' },
    { precision: 'int3' },
    { userData: '/' },
    { __proto__: null, device: 1 },
  ],
  'system.openLink': [{}, { url: 7 }, { url: 'x'.repeat(2_001) }],
};

test.each(Object.keys(contract))('%s: bad input never reaches the handler', async (route) => {
  for (const input of [...wrong, ...(wrongByRoute[route] ?? [])]) {
    expect(await outcome(route, input)).toMatchObject({ error: { code: 'ipc.invalidInput', params: { route } } });
  }
  expect(reached).toEqual([]);
  expect(bugs).toEqual([]);
});

const right: Record<string, unknown> = {
  'conversations.rename': { conversationId: 1, title: '  trimmed ' },
  'conversations.delete': { conversationId: 1 },
  'conversations.restore': { conversationId: 1 },
  'chat.watch': { conversationId: 1 },
  'chat.send': { conversationId: null, text: ' hi ' },
  'chat.regenerate': { conversationId: 1 },
  'chat.restoreAnswer': { conversationId: 1 },
  'chat.stop': { conversationId: 1 },
  'library.install': anInstall,
  ...Object.fromEntries(
    ['pause', 'resume', 'cancel', 'repair', 'remove', 'choose', 'checkSources', 'verdicts'].map((verb) => [
      `library.${verb}`,
      { modelId: 'qwen-7b-chat' },
    ]),
  ),
  'library.import': { isCopied: true },
  'system.proveGpu': { isForced: false },
  'settings.change': { theme: 'dark' },
  'system.openLink': { url: 'https://example.org' },
};

test.each(Object.keys(contract))('%s: good input reaches the handler, parsed', async (route) => {
  const input = { ...(right[route] ?? {}) };
  if (contract[route as keyof typeof contract].kind === 'stream') router.openStream(route, input, () => undefined);
  else expect(await router.call(route, input)).toEqual({ ok: true, value: { answered: route } });
  expect(reached).toEqual([[route, contract[route as keyof typeof contract].input.parse(input)]]);
});

test.each(['nope', 'constructor', '__proto__', 'toString', '', 7, null, { toString: () => 'chat.stop' }])(
  '%j is no route',
  async (route) => {
    const frames: StreamFrame[] = [];
    expect(await router.call(route, {})).toMatchObject({ ok: false, error: { code: 'ipc.unknownRoute' } });
    router.openStream(route, {}, (frame) => frames.push(frame));
    await vi.waitFor(() => expect(frames).toMatchObject([{ kind: 'end', error: { code: 'ipc.unknownRoute' } }]));
    expect(reached).toEqual([]);
  },
);

test('a stream cannot be called, a call cannot be opened', async () => {
  expect(await router.call('model.watch', {})).toMatchObject({ error: { code: 'ipc.unknownRoute' } });
  const frame = await new Promise((resolve) => void router.openStream('model.load', {}, resolve));
  expect(frame).toMatchObject({ error: { code: 'ipc.unknownRoute' } });
});

test('an expected failure crosses as code and parameters; a bug is reported whole and says only "internal"', async () => {
  answer = () => Promise.reject(new AppError('prompt.tooLong', { tokens: 9, limit: 8 }));
  expect(await router.call('model.load', {})).toEqual({
    ok: false,
    error: { code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } },
  });
  const bug = new Error('/home/me/secret is missing');
  answer = () => {
    throw bug;
  };
  expect(await router.call('model.load', {})).toEqual({ ok: false, error: { code: 'internal', params: {} } });
  expect(bugs).toEqual([bug]);
});

test('a stream sends events in order until it is closed, then nothing', async () => {
  const frames: StreamFrame[] = [];
  let emit: (event: unknown) => void = () => undefined;
  answer = (_route, given) => {
    emit = given!;
    emit('at once');
    return () => (streamClosed = true);
  };
  const close = router.openStream('model.watch', {}, (frame) => frames.push(frame));
  emit('later');
  close();
  emit('too late');
  await vi.waitFor(() => expect(streamClosed).toBe(true));
  expect(frames).toEqual([
    { kind: 'event', event: 'at once' },
    { kind: 'event', event: 'later' },
  ]);
});

test('a stream closed before its handler is done is closed all the same', async () => {
  const frames: StreamFrame[] = [];
  answer = async (_route, emit) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    emit!('late');
    return () => (streamClosed = true);
  };
  router.openStream('model.watch', {}, (frame) => frames.push(frame))();
  await vi.waitFor(() => expect(streamClosed).toBe(true));
  expect(frames).toEqual([]);
});
