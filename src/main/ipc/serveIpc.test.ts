import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { contract } from '../../shared/ipc/contract';
import { channels } from '../../shared/ipc/bridge';
import type { Handlers } from './router';
import { Router } from './router';
import { serveIpc } from './serveIpc';

/** Electron's side of the wire, as far as main touches it: a page with frames, and the channels. */
class Page extends EventEmitter {
  readonly mainFrame = { url: 'app://deskmate/index.html' };
  readonly sent: unknown[][] = [];
  constructor(readonly id: number) {
    super();
  }
  send = (...all: unknown[]) => void this.sent.push(all);
  isDestroyed = () => false;
}

let emit: (event: unknown) => void;
let closed: number;
let call: (event: unknown, ...all: unknown[]) => Promise<unknown>;
let ipc: EventEmitter;
beforeEach(() => {
  closed = 0;
  const answers = Object.keys(contract).map((route) => [
    route,
    (_input: unknown, given: (event: unknown) => void) => {
      emit = given;
      return route.endsWith('watch') ? () => void closed++ : { route };
    },
  ]);
  ipc = Object.assign(new EventEmitter(), {
    handle: (_channel: string, listener: typeof call) => (call = listener),
  });
  // Stand-ins for Electron's objects and for the handlers: both take only what this test gives them.
  const router = new Router(Object.fromEntries(answers) as Handlers, () => undefined);
  serveIpc({ ipc: ipc as unknown as IpcMain, router, origin: 'app://deskmate' });
});

const from = (page: Page, senderFrame: unknown = page.mainFrame) => ({ sender: page, senderFrame });
const open = (page: Page, id = 1) => ipc.emit(channels.openStream, from(page), { id, route: 'model.watch', input: {} });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('only the main frame of our own page is answered', async () => {
  const page = new Page(1);
  expect(await call(from(page), 'model.load', {})).toEqual({ ok: true, value: { route: 'model.load' } });
  const strangers = [null, { url: 'app://deskmate/index.html' }, { url: 'https://example.org/' }];
  for (const frame of strangers) {
    expect(await call(from(page, frame), 'model.load', {})).toMatchObject({ error: { code: 'ipc.untrustedSender' } });
  }
  page.mainFrame.url = 'https://example.org/';
  expect(await call(from(page), 'model.load', {})).toMatchObject({ error: { code: 'ipc.untrustedSender' } });
  open(page);
  await settle();
  expect(page.sent).toEqual([]);
});

test('frames carry the number the page gave its stream, until the page closes it', async () => {
  const page = new Page(1);
  open(page, 7);
  emit('one');
  ipc.emit(channels.closeStream, from(page), 7);
  emit('two');
  await settle();
  expect(page.sent).toEqual([[channels.frame, 7, { kind: 'event', event: 'one' }]]);
  expect(closed).toBe(1);
});

test.each([
  ['is reloaded', (page: Page) => page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })],
  ['crashes', (page: Page) => page.emit('render-process-gone')],
  ['is closed', (page: Page) => page.emit('destroyed')],
])('the streams of a page that %s end, those of others do not', async (_how, end) => {
  const [page, other] = [new Page(1), new Page(2)];
  open(page, 1);
  open(page, 2);
  open(other, 1);
  await settle();
  end(page);
  await vi.waitFor(() => expect(closed).toBe(2));
  emit('still there');
  expect(other.sent).toHaveLength(1);
});

test('a jump within the page, or a frame inside it, ends nothing', async () => {
  const page = new Page(1);
  open(page);
  await settle();
  page.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
  page.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
  await settle();
  expect(closed).toBe(0);
});

test.each([undefined, 7, {}, { id: '1' }, { id: -1, route: 'model.watch', input: {} }])(
  'the malformed request %j opens nothing',
  async (request) => {
    const page = new Page(1);
    ipc.emit(channels.openStream, from(page), request);
    await settle();
    expect(page.sent).toEqual([]);
  },
);
