import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LibraryState } from '../../shared/library';
import type { CallRoute, Route, StreamRoute } from '../../shared/ipc/contract';
import { contract } from '../../shared/ipc/contract';
import { gpuProof, hardware, openedModel, stats } from '../inference/frames.test-support';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { systemClock } from '../download/clock';
import type { Parts } from '../parts';
import { startParts } from '../parts';
import { SettingsFile } from '../settings/settingsFile';
import { onnxRuntimeVersion } from '../system/about';
import { linkOpener } from '../system/openLink';
import { createHandlers } from './handlers';
import { Router } from './router';

let folder: string;
let parts: Parts;
let router: Router;
let handlers: ReturnType<typeof createHandlers>;
let loads: unknown[];

/** The whole of main but Electron, on a real folder, with a worker that answers at once. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-main-'));
  loads = [];
  await start();
});

async function start(): Promise<void> {
  const settings = await SettingsFile.open(join(folder, 'settings.json'), (bug) => expect.unreachable(String(bug)));
  parts = await startParts({
    ...{ appVersion: '0.1.0', network: { fetch, clock: systemClock }, pickFolder: () => Promise.resolve(null) },
    paths: {
      ...{ experience: join(folder, 'experience.json'), gpuProofs: join(folder, 'gpu-proofs.json') },
      ...{ home: '/home', reserved: [] },
      store: join(folder, 'c.db'),
      demoModel: '/demo',
      modelsFolder: join(folder, 'models'),
      preparedFolder: join(folder, 'prepared'),
    },
    settings,
    log: { bug: (bug) => expect.unreachable(String(bug)), info: () => undefined },
    spawn: () =>
      new ScriptedWorker({
        load: ({ id, input }, worker) => {
          loads.push(input);
          worker.send({ kind: 'result', id, output: openedModel });
        },
        hardware: ({ id }, worker) => worker.send({ kind: 'result', id, output: hardware }),
        proveGpu: ({ id }, worker) => worker.send({ kind: 'result', id, output: gpuProof }),
        verdicts: ({ id }, worker) => worker.send({ kind: 'result', id, output: [] }),
        generate: ({ id }, worker) => {
          worker.send({ kind: 'event', id, event: { kind: 'delta', text: 'hello', tokens: 1 } });
          worker.send({
            kind: 'result',
            id,
            output: { finishReason: 'stop', stats, droppedTurns: 0, conversationBytes: 4096 },
          });
        },
      }),
  });
  handlers = createHandlers({
    ...parts,
    settings,
    about: () => ({
      appVersion: '0.1.0',
      electronVersion: '45.0.0',
      onnxRuntimeVersion: onnxRuntimeVersion(),
      systemLocale: 'zh-CN',
      dataFolder: folder,
    }),
    openLink: linkOpener({ confirm: () => Promise.resolve(false), openExternal: () => Promise.reject(new Error()) }),
  });
  router = new Router(handlers, (bug) => expect.unreachable(String(bug)));
}
afterEach(async () => {
  await parts.close();
  await rm(folder, { recursive: true });
});

async function call(route: CallRoute, input: unknown): Promise<unknown> {
  const result = await router.call(route, input);
  if (!result.ok) throw new Error(`${route}: ${result.error.code}`);
  return contract[route].output.parse(result.value); // what main promises, it keeps
}
async function firstEvent(route: StreamRoute, input: unknown): Promise<unknown> {
  let close: () => void = () => undefined;
  const frame = await new Promise((resolve) => {
    close = router.openStream(route, input, resolve);
  });
  close();
  expect(frame).toMatchObject({ kind: 'event' });
  return contract[route].event.parse((frame as { event: unknown }).event); // matched just above
}

test('every route has a handler, and no handler is without a route', () => {
  expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort());
});

test('conversations that cannot be read: the start fails, whoever asks is told, and the file is left as it was', async () => {
  await parts.storeOpened;
  await parts.close();
  const file = join(folder, 'c.db');
  await writeFile(file, 'not a database, but perhaps all that someone has left');
  await start();
  const unreadable = { code: 'store.unreadable', params: { file } };
  const end = new Promise((resolve) => router.openStream('conversations.watch', {}, resolve));
  const sent = router.call('chat.send', { conversationId: null, text: 'Hello' });
  await expect(parts.storeOpened).rejects.toMatchObject(unreadable);
  expect(await end).toEqual({ kind: 'end', error: unreadable });
  expect(await sent).toEqual({ ok: false, error: unreadable });
  expect(await firstEvent('model.watch', {})).toBeDefined(); // the rest of the window works
  await parts.close();
  expect(await readFile(file, 'utf8')).toContain('perhaps all');
});

test('a conversation from its first message to its restoring, over every route', async () => {
  const answered = new Set<Route>();
  const ask = (route: CallRoute, input: unknown) => {
    answered.add(route);
    return call(route, input);
  };
  const see = (route: StreamRoute, input: unknown) => {
    answered.add(route);
    return firstEvent(route, input);
  };

  const one = await ask('chat.send', { conversationId: null, text: '    if x:\n        y()\n' });
  expect(await vi.waitFor(() => see('chat.watch', one).then(lastIsDone))).toMatchObject({
    kind: 'snapshot',
    messages: [{ text: '    if x:\n        y()\n' }, { text: 'hello', state: 'done' }],
  });
  await ask('chat.regenerate', one);
  await ask('chat.stop', one);
  await vi.waitFor(() => see('chat.watch', one).then(lastIsDone));
  await ask('chat.regenerate', one);
  await vi.waitFor(() => see('chat.watch', one).then(lastIsDone));
  await ask('chat.restoreAnswer', one);
  expect(await see('chat.watch', one)).toMatchObject({ messages: [{}, { text: 'hello', state: 'done' }] });
  await ask('conversations.rename', { ...Object(one), title: 'renamed' });
  expect(await see('conversations.watch', {})).toMatchObject({ conversations: [{ title: 'renamed' }] });
  await ask('conversations.delete', one);
  expect(await see('conversations.watch', {})).toEqual({ kind: 'snapshot', conversations: [] });
  expect(await ask('conversations.restore', one)).toMatchObject({ title: 'renamed' });

  await ask('model.load', {});
  expect(await see('model.watch', {})).toMatchObject({ state: 'ready', model: { isDemo: true } });
  expect(await ask('settings.change', { precision: 'int8' })).toMatchObject({ precision: 'int8' });
  expect(await see('settings.watch', {})).toMatchObject({ precision: 'int8' });
  await vi.waitFor(() => expect(loads).toMatchObject([{ precision: 'auto' }, { precision: 'int8' }]));
  await ask('settings.change', { theme: 'dark' });

  await parts.model.whenReady();
  const disk = expect.objectContaining({ folder: join(folder, 'models') }) as unknown;
  expect(await ask('system.hardware', {})).toEqual({ ...hardware, disk });
  expect(await ask('system.proveGpu', { isForced: true })).toEqual(gpuProof);
  expect(await ask('system.about', {})).toMatchObject({
    appVersion: '0.1.0',
    onnxRuntimeVersion: onnxRuntimeVersion(),
  });
  expect(onnxRuntimeVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await ask('system.openLink', { url: 'https://example.org' })).toEqual({ opened: false });
  expect(loads).toHaveLength(2); // the theme loads no model
  const others = Object.keys(contract).filter((route) => !route.startsWith('library.')); // that topic has its own journey
  expect([...answered].sort()).toEqual(others.sort());
});

test('the library over every route of its own', async () => {
  const answered = new Set<string>();
  const ask = (route: CallRoute, input: unknown) => {
    answered.add(route);
    return call(route, input);
  };
  const [modelId, unknown] = ['qwen-7b-chat', 'nobody-knows'];
  await call('settings.change', { sourceOrder: [] });
  const order = { precision: 'nf4', device: 'gpu', keepsOriginals: false, acceptsLicence: true };
  answered.add('library.watch');
  expect(await firstEvent('library.watch', {})).toMatchObject({
    models: [{ id: 'demo', isChosen: true }, { id: modelId, downloadBytes: 15_442_649_088 }, {}, {}],
    folder: join(folder, 'models'),
    move: null,
  });
  await expect(ask('library.install', { modelId: unknown, ...order })).rejects.toThrow('library.unknownModel');
  await ask('library.install', { modelId, ...order });
  const installation = async () => LibraryState.parse(await firstEvent('library.watch', {})).models[1]!.installation;
  await vi.waitFor(async () => {
    expect(await installation()).toMatchObject({ pause: 'failed', error: { code: 'download.noSource' } });
  });
  await ask('library.pause', { modelId });
  expect(await installation()).toMatchObject({ pause: 'user' });
  await ask('library.resume', { modelId });
  await ask('library.cancel', { modelId });
  expect(await installation()).toBeNull();
  for (const route of ['library.repair', 'library.remove', 'library.choose'] as const)
    await expect(ask(route, { modelId })).rejects.toThrow('library.notInstalled');
  await ask('library.choose', { modelId: 'demo' });
  expect(await ask('library.import', { isCopied: true })).toBeNull();
  await ask('library.moveFolder', {});
  await ask('library.cancelMove', {});
  expect(await ask('library.checkSources', { modelId })).toEqual([]);
  expect(await ask('library.verdicts', { modelId })).toEqual([]);
  expect([...answered].sort()).toEqual(
    Object.keys(contract)
      .filter((route) => route.startsWith('library.'))
      .sort(),
  );
});

test('a message without a word is not understood; one that is too long is told its limit', async () => {
  const send = (text: string) => router.call('chat.send', { conversationId: null, text });
  expect(await send(' \n\t')).toMatchObject({ ok: false, error: { code: 'ipc.invalidInput' } });
  expect(await send('x'.repeat(200_001))).toEqual({
    ok: false,
    error: { code: 'message.tooLong', params: { limit: 200_000 } },
  });
  expect(await send('x'.repeat(200_000))).toMatchObject({ ok: true });
  expect(await send('x'.repeat(30_000_000))).toMatchObject({ ok: false, error: { code: 'ipc.invalidInput' } });
});

function lastIsDone(event: unknown): unknown {
  expect(event).toMatchObject({ messages: [{}, { state: 'done' }] });
  return event;
}
