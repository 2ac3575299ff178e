import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConversationId } from '../../shared/conversation';
import type { Message } from '../../shared/conversation';
import type { ChatEvent, NotReplaced } from '../../shared/ipc/routes/chat';
import { ConversationList } from '../conversations/conversationList';
import { listConversations } from '../conversations/conversationRepository';
import { appendText, interruptStaleAnswers, listMessages } from '../conversations/messageRepository';
import type { Database } from '../db/connection';
import { sql } from '../db/connection';
import { memoryStore } from '../db/memoryStore.test-support';
import { openedModel, stats } from '../inference/frames.test-support';
import type { Script } from '../inference/scriptedWorker.test-support';
import { ScriptedWorker } from '../inference/scriptedWorker.test-support';
import { WorkerHost } from '../inference/workerHost';
import { ModelLoader } from '../model/modelLoader';
import { testLoading } from '../model/testModel.test-support';
import { Chat } from './chat';

let db: Database;
let chat: Chat;
let conversations: ConversationList;
let model: ModelLoader;
let spawned: ScriptedWorker[];
let script: Script;
let load: Script;
let bugs: unknown[];
/** How the half minute passes in which a worker must say something. */
let silence: () => Promise<void>;

const delta = (id: number, text: string) => ({ kind: 'event', id, event: { kind: 'delta', text, tokens: 1 } }) as const;
const done = (id: number, finishReason = 'stop') =>
  ({ kind: 'result', id, output: { finishReason, stats, droppedTurns: 2, conversationBytes: 4096 } }) as const;
/** An answer of these pieces, a few milliseconds apart; cancelling it ends it after the piece it is at. */
const says =
  (...pieces: string[]): Script =>
  async ({ id, signal }, worker) => {
    worker.send({ kind: 'event', id, event: { kind: 'prefill', done: 0, total: 12 } });
    for (const piece of pieces) {
      if (signal.aborted) break;
      worker.send(delta(id, piece));
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    worker.send(done(id, signal.aborted ? 'aborted' : 'stop'));
  };
/** Says one piece, then nothing until it is cancelled. */
const saysThenWaits =
  (piece: string): Script =>
  ({ id, signal }, worker) => {
    worker.send(delta(id, piece));
    signal.addEventListener('abort', () => worker.send(done(id, 'aborted')));
  };

beforeEach(async () => {
  [spawned, bugs] = [[], []];
  silence = () => new Promise(() => undefined);
  script = says('你', '好');
  load = ({ id }, worker) => worker.send({ kind: 'result', id, output: openedModel });
  db = await memoryStore();
  let nowMs = 1_000;
  const host = new WorkerHost({
    spawn: () => {
      const worker = new ScriptedWorker({ load: (...all) => load(...all), generate: (...all) => script(...all) });
      spawned.push(worker);
      return worker;
    },
    reportBug: (bug) => bugs.push(bug),
    wait: (ms) => (ms === 30_000 ? silence() : new Promise((resolve) => setTimeout(resolve, ms / 100))),
  });
  model = new ModelLoader({
    host,
    ...testLoading,
    settings: () => ({ precision: 'auto', device: 'auto' }),
    reportBug: (bug) => bugs.push(bug),
  });
  conversations = new ConversationList(db, () => nowMs++);
  chat = new Chat({ db, conversations, model, host, nowMs: () => nowMs++, reportBug: (bug) => bugs.push(bug) });
  await model.load();
});

afterEach(() => void vi.useRealTimers());

const messages = (id: ConversationId) => listMessages(db, id);
const ended = (id: ConversationId): Promise<Message> =>
  vi.waitFor(async () => {
    const last = (await messages(id)).at(-1)!;
    expect(last.state).not.toBe('streaming');
    return last;
  });
const texts = (all: Message[]) => all.map(({ text }) => text);
const prompts = () =>
  spawned
    .flatMap(({ received }) => received)
    .flatMap((frame) => (frame.kind === 'request' && frame.method === 'generate' ? [frame.input] : []));

/** What a window would show: the rules of ChatEvent, and nothing else. */
class Window {
  messages: Message[] = [];
  notReplaced: NotReplaced | null = null;
  readonly events: ChatEvent[] = [];
  take = (event: ChatEvent): void => {
    this.events.push(event);
    switch (event.kind) {
      case 'snapshot':
        this.messages = event.messages;
        this.notReplaced = event.notReplaced;
        return;
      case 'message':
        if (event.message.state === 'streaming') this.notReplaced = null;
        this.messages = [...this.messages.filter(({ id }) => id !== event.message.id), event.message];
        return;
      case 'removed':
        this.messages = this.messages.filter(({ id }) => id !== event.messageId);
        return;
      case 'delta': {
        const at = this.messages.find(({ id }) => id === event.messageId)!;
        // Exact: nothing may be missing, and main promises not to repeat itself either.
        expect(event.offset).toBe(at.text.length);
        this.messages = this.messages.map((each) => (each === at ? { ...at, text: at.text + event.text } : each));
        return;
      }
      case 'prefill':
        return;
      case 'notReplaced':
        this.notReplaced = { messageId: event.messageId, error: event.error };
        return;
      default:
        event satisfies never;
    }
  };
}

test('a message and the beginning of its answer are stored before the model is asked', async () => {
  let stored: Message[] = [];
  script = async ({ id }, worker) => {
    stored = await messages(ConversationId.parse(1));
    worker.send(done(id));
  };
  const id = await chat.send(null, 'Hello\nthere');
  await ended(id);
  expect(stored).toMatchObject([
    { role: 'user', text: 'Hello\nthere', state: 'done' },
    { role: 'assistant', text: '', state: 'streaming' },
  ]);
  expect(await listConversations(db)).toMatchObject([{ id, title: 'Hello' }]);
});

test('an answer ends with its text and what made it', async () => {
  const id = await chat.send(null, 'hi');
  expect(await ended(id)).toMatchObject({
    text: '你好',
    state: 'done',
    provenance: { ...stats, modelName: 'Test model', modelId: 'test', deviceName: 'Test CPU', droppedTurns: 2 },
    error: null,
  });
  expect(prompts()).toMatchObject([{ turns: [{ role: 'user', content: 'hi' }] }]);
  expect(await model.whenReady()).toMatchObject({ memory: { conversationBytes: 4096 } });
});

test('what makes an answer is seen and stored while it is written, and stays if it never ends', async () => {
  script = saysThenWaits('half');
  const window = new Window();
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)).toMatchObject({ text: 'half' }));
  const { provenance, state } = (await messages(id)).at(-1)!;
  expect({ provenance, state }).toMatchObject({
    provenance: { modelName: 'Test model', precision: 'int4', device: 'cpu', newTokens: null, droppedTurns: null },
    state: 'streaming',
  });
  expect(prompts()).toMatchObject([{ sampling: { seed: provenance!.seed } }]);
  expect(window.messages.at(-1)).toMatchObject({ provenance });
  spawned[0]!.exit(9);
  expect(await ended(id)).toMatchObject({ text: 'half', state: 'interrupted', provenance });
  script = says('again');
  await chat.regenerate(id);
  await ended(id);
  const seeds = (prompts() as { sampling: { seed: number } }[]).map(({ sampling }) => sampling.seed);
  expect(new Set(seeds).size).toBe(2);
});

test('the model is told the conversation so far, without questions that came to nothing', async () => {
  const id = await chat.send(null, 'one');
  await ended(id);
  script = ({ id: request }, worker) =>
    worker.send({ kind: 'error', id: request, error: { code: 'prompt.tooLong', params: { tokens: 9, limit: 8 } } });
  await chat.send(id, 'too long');
  expect(await ended(id)).toMatchObject({ text: '', state: 'error', error: { code: 'prompt.tooLong' } });
  script = says('2');
  await chat.send(id, 'two');
  await ended(id);
  expect(prompts().at(-1)).toMatchObject({
    turns: [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: '你好' },
      { role: 'user', content: 'two' },
    ],
  });
});

test('Stop keeps the text and the statistics', async () => {
  script = saysThenWaits('half');
  const id = await chat.send(null, 'hi');
  await vi.waitFor(() => expect(prompts()).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  chat.stop(id);
  chat.stop(id);
  expect(await ended(id)).toMatchObject({ text: 'half', state: 'stopped', provenance: stats });
  chat.stop(id); // nothing runs: nothing happens
});

test('Stop works when the worker does not answer', async () => {
  script = ({ id }, worker) => worker.send(delta(id, 'stuck'));
  const window = new Window();
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)!.text).toBe('stuck'));
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  chat.stop(id);
  await vi.advanceTimersByTimeAsync(4_900);
  expect((await messages(id)).at(-1)!.state).toBe('streaming');
  await vi.advanceTimersByTimeAsync(200);
  vi.useRealTimers();
  expect(await ended(id)).toMatchObject({ text: 'stuck', state: 'stopped', provenance: { newTokens: null } });

  // The worker still computes: the next answer waits until it is free, or ended to load anew.
  script = says('next');
  const next = await chat.send(id, 'and now?');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(prompts()).toHaveLength(1);
  await model.reload(() => chat.stopInWorker());
  expect(await ended(next)).toMatchObject({ text: 'next', state: 'done' });
});

test('a worker that hangs after Stop is ended; the waiting message runs in a new one', async () => {
  let frees: (() => void)[] = [];
  silence = () => new Promise((resolve) => frees.push(resolve));
  script = ({ id }, worker) => worker.send(delta(id, 'stuck')); // and not a frame more
  const window = new Window();
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)!.text).toBe('stuck'));
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  chat.stop(id);
  await vi.advanceTimersByTimeAsync(5_100);
  vi.useRealTimers();
  await ended(id);
  script = says('next');
  await chat.send(id, 'and now?');
  await vi.waitFor(() => expect(frees).toHaveLength(1));
  spawned[0]!.send({ kind: 'event', id: 2, event: { kind: 'delta', text: 'alive', tokens: 1 } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  frees.shift()!(); // half a minute has passed, but there was a frame: it works
  await vi.waitFor(() => expect(frees).toHaveLength(1));
  expect(spawned).toHaveLength(1);
  frees.shift()!(); // and half a minute of silence
  expect(await ended(id)).toMatchObject({ text: 'next', state: 'done' });
  expect(spawned).toHaveLength(2);
  frees = [];
});

test('an answer reaches the token limit', async () => {
  script = ({ id }, worker) => {
    worker.send(delta(id, 'long'));
    worker.send(done(id, 'length'));
  };
  expect(await ended(await chat.send(null, 'hi'))).toMatchObject({ text: 'long', state: 'length' });
});

test('a crash interrupts the answer and keeps its text; the next message finds the model loaded again', async () => {
  script = ({ id }, worker) => {
    worker.send(delta(id, 'before the cra'));
    worker.exit(139);
  };
  const id = await chat.send(null, 'hi');
  expect(await ended(id)).toMatchObject({
    text: 'before the cra',
    state: 'interrupted',
    error: { code: 'worker.crashed', params: { exitCode: 139 } },
  });
  script = says('again');
  await chat.send(id, 'and now?');
  expect(await ended(id)).toMatchObject({ text: 'again', state: 'done' });
  expect(spawned).toHaveLength(2);
});

test('a message sent while the model loads waits for it; if loading fails, the answer says why', async () => {
  load = ({ id }, worker) =>
    void setTimeout(
      () => worker.send({ kind: 'error', id, error: { code: 'session.failed', params: { reason: 'x' } } }),
      30,
    );
  const reloading = model.reload(() => chat.stopInWorker());
  const id = await chat.send(null, 'hi');
  expect(prompts()).toHaveLength(0);
  expect(await ended(id)).toMatchObject({ text: '', state: 'error', error: { code: 'session.failed' } });
  await reloading;
});

test('one answer a conversation; other conversations queue', async () => {
  script = saysThenWaits('first');
  const first = await chat.send(null, 'a');
  await expect(chat.send(first, 'b')).rejects.toMatchObject({ code: 'conversation.busy' });
  await expect(chat.regenerate(first)).rejects.toMatchObject({ code: 'conversation.busy' });
  expect(await messages(first)).toHaveLength(2);
  const second = await chat.send(null, 'c');
  const third = await chat.send(null, 'd');
  await vi.waitFor(() => expect(prompts()).toHaveLength(1));
  chat.stop(second); // has not begun: ends at once, and without the worker
  expect(await ended(second)).toMatchObject({ text: '', state: 'stopped', provenance: null });
  expect(prompts()).toHaveLength(1);
  script = says('third');
  chat.stop(first);
  expect(await ended(third)).toMatchObject({ text: 'third', state: 'done' });
});

test('two sends at the same time: one is refused, and nothing of it is stored', async () => {
  const id = await chat.send(null, 'a');
  await ended(id);
  const results = await Promise.allSettled([chat.send(id, 'b'), chat.send(id, 'c')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await ended(id);
  expect(texts(await messages(id))).toEqual(['a', '你好', 'b', '你好']);
});

test('regenerating replaces the last answer; the old one is not erased', async () => {
  const window = new Window();
  const id = await chat.send(null, 'hi');
  await ended(id);
  await chat.watch(id, window.take);
  script = says('anew');
  await chat.regenerate(id);
  await ended(id);
  expect(texts(await messages(id))).toEqual(['hi', 'anew']);
  expect(prompts()[1]).toMatchObject({ turns: [{ role: 'user', content: 'hi' }] });
  expect(await db.all(sql`SELECT text FROM messages WHERE deleted_at_ms IS NOT NULL`)).toEqual([{ text: '你好' }]);
  await vi.waitFor(() => expect(window.messages.at(-1)!.state).toBe('done'));
  expect(texts(window.messages)).toEqual(['hi', 'anew']);
});

test.each<[string, Script, (id: ConversationId) => void]>([
  ['stopped before a word', saysThenWaits(''), (id) => chat.stop(id)],
  [
    'an error',
    ({ id }, worker) => worker.send({ kind: 'error', id, error: { code: 'generation.notFinite', params: {} } }),
    () => undefined,
  ],
])('a new answer that comes to nothing (%s) gives way to the old one', async (_name, nothing, act) => {
  const window = new Window();
  const id = await chat.send(null, 'hi');
  const old = await ended(id);
  await chat.watch(id, window.take);
  script = nothing;
  await chat.regenerate(id);
  await vi.waitFor(() => expect(prompts()).toHaveLength(2));
  act(id);
  await vi.waitFor(() => expect(window.messages.at(-1)).toEqual(old));
  expect(await messages(id)).toEqual(window.messages);
  expect(texts(window.messages)).toEqual(['hi', '你好']);
});

test('why an answer could not be written anew is told with the old one, now and later, until the next begins', async () => {
  const window = new Window();
  const id = await chat.send(null, 'hi');
  const old = await ended(id);
  await chat.watch(id, window.take);
  const error = { code: 'prompt.tooLong', params: { tokens: 900, limit: 512 } } as const; // of a model chosen since
  script = ({ id: request }, worker) => worker.send({ kind: 'error', id: request, error });
  await chat.regenerate(id);
  await vi.waitFor(() => expect(window.notReplaced).toEqual({ messageId: old.id, error }));
  const later = new Window();
  await chat.watch(id, later.take);
  expect(later).toMatchObject({ messages: window.messages, notReplaced: { messageId: old.id, error } });
  script = says('anew');
  await chat.regenerate(id);
  await ended(id);
  const afterwards = new Window();
  await chat.watch(id, afterwards.take);
  expect([window.notReplaced, later.notReplaced, afterwards.notReplaced]).toEqual([null, null, null]);
});

test('the answer replaced last comes back, one at a time; the newer one is not erased', async () => {
  const window = new Window();
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await ended(id);
  for (const text of ['second', 'third']) {
    script = says(text);
    await chat.regenerate(id);
    await ended(id);
  }
  await chat.restoreAnswer(id);
  expect(texts(await messages(id))).toEqual(['hi', 'second']);
  await chat.restoreAnswer(id);
  expect(texts(await messages(id))).toEqual(['hi', '你好']);
  expect(window.messages).toEqual(await messages(id));
  await expect(chat.restoreAnswer(id)).rejects.toMatchObject({ code: 'conversation.nothingToRestore' });
  expect(await db.all(sql`SELECT text FROM messages WHERE deleted_at_ms IS NOT NULL ORDER BY id`)).toEqual([
    { text: 'second' },
    { text: 'third' },
  ]);
  script = says('fourth');
  await chat.send(id, 'a new question'); // to which nothing was replaced
  await ended(id);
  await expect(chat.restoreAnswer(id)).rejects.toMatchObject({ code: 'conversation.nothingToRestore' });
});

test.each(['', 'some words'])('bringing an answer back ends the one that replaces it, at %j', async (written) => {
  const window = new Window();
  const id = await chat.send(null, 'hi');
  const old = await ended(id);
  await chat.watch(id, window.take);
  script = saysThenWaits(written);
  await chat.regenerate(id);
  await vi.waitFor(() => expect(window.messages.at(-1)).toMatchObject({ text: written, state: 'streaming' }));
  await chat.restoreAnswer(id);
  expect((await messages(id)).at(-1)).toEqual(old);
  expect(window.messages).toEqual(await messages(id));
  script = says('goes on');
  await chat.send(id, 'more');
  expect(await ended(id)).toMatchObject({ text: 'goes on' });
});

test('an answer that is not being rewritten does not end for nothing', async () => {
  script = saysThenWaits('first');
  const id = await chat.send(null, 'hi');
  await expect(chat.restoreAnswer(id)).rejects.toMatchObject({ code: 'conversation.nothingToRestore' });
  expect((await messages(id)).at(-1)).toMatchObject({ state: 'streaming' });
  chat.stop(id);
  await ended(id);
});

test('what is not there cannot be sent to, regenerated or watched', async () => {
  const id = ConversationId.parse(404);
  const attempts = [chat.send(id, 'x'), chat.regenerate(id), chat.watch(id, () => undefined)];
  for (const attempt of await Promise.allSettled(attempts)) {
    expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'conversation.notFound' } });
  }
  const empty = ConversationId.parse(
    (await db.run(sql`INSERT INTO conversations (title, created_at_ms, updated_at_ms) VALUES ('', 1, 1)`)).lastId,
  );
  await expect(chat.regenerate(empty)).rejects.toMatchObject({ code: 'conversation.nothingToRegenerate' });
});

test('deleting a conversation stops its answer; restoring brings back what was written', async () => {
  script = saysThenWaits('precious');
  const id = await chat.send(null, 'hi');
  const window = new Window();
  await chat.watch(id, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)!.text).toBe('precious'));
  await chat.deleteConversation(id);
  await expect(chat.send(id, 'more')).rejects.toMatchObject({ code: 'conversation.notFound' });
  await conversations.restore(id);
  expect(await ended(id)).toMatchObject({ text: 'precious', state: 'stopped' });
});

test('a new precision stops the answer that is being written; one that waits is written with the new model', async () => {
  script = saysThenWaits('old model');
  const first = await chat.send(null, 'a');
  await vi.waitFor(() => expect(prompts()).toHaveLength(1));
  const second = await chat.send(null, 'b');
  await new Promise((resolve) => setTimeout(resolve, 20));
  script = says('new model');
  await model.reload(() => chat.stopInWorker());
  expect(await ended(first)).toMatchObject({ text: 'old model', state: 'stopped' });
  expect(await ended(second)).toMatchObject({ text: 'new model', state: 'done' });
  expect(spawned).toHaveLength(2);
});

test('closing the app stores what is being written, and what waits, as interrupted', async () => {
  script = ({ id }, worker) => worker.send(delta(id, 'until the end'));
  const first = await chat.send(null, 'a');
  const second = await chat.send(null, 'b');
  const window = new Window();
  await chat.watch(first, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)!.text).toBe('until the end'));
  await chat.close();
  expect((await messages(first)).at(-1)).toMatchObject({ text: 'until the end', state: 'interrupted', error: null });
  expect((await messages(second)).at(-1)).toMatchObject({ text: '', state: 'interrupted' });
});

test('while it is written, the stored text is at most 250 ms behind', async () => {
  script = saysThenWaits('on disk');
  const id = await chat.send(null, 'hi');
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect((await messages(id)).at(-1)).toMatchObject({ text: 'on disk', state: 'streaming' });
  chat.stop(id);
  expect(await ended(id)).toMatchObject({ text: 'on disk' });
});

/** What SQLite does when the disk is full: writes fail, reads go on. */
async function fillDisk(): Promise<void> {
  const [row] = await db.all<{ page_count: number }>(sql`PRAGMA page_count`);
  await db.exec(`PRAGMA max_page_count = ${row!.page_count}`);
}
const freeDisk = () => db.exec('PRAGMA max_page_count = 1000000');
const long = '很长的回答。'.repeat(20_000); // needs pages that a full disk does not have

test('an answer that finds the disk full stays on the screen, and is stored with the next message', async () => {
  const window = new Window();
  script = saysThenWaits(long);
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await fillDisk();
  chat.stop(id);
  const asShown = { text: long, state: 'error', error: { code: 'store.diskFull', params: {} } };
  await vi.waitFor(() => expect(window.messages.at(-1)).toMatchObject(asShown));
  const another = new Window();
  await chat.watch(id, another.take);
  expect(another.messages).toEqual(window.messages);
  await expect(chat.send(id, long)).rejects.toMatchObject({ code: 'store.diskFull' });
  await expect(chat.regenerate(id)).rejects.toMatchObject({ code: 'store.diskFull' });
  expect(bugs).toEqual([]);

  await freeDisk();
  script = says('works');
  await chat.send(id, 'again');
  expect(await ended(id)).toMatchObject({ text: 'works', state: 'done' });
  expect((await messages(id))[1]).toMatchObject({ text: long, state: 'stopped', error: null });
  expect(window.messages).toEqual(await messages(id));
  expect(prompts().at(-1)).toMatchObject({ turns: [{}, { role: 'assistant', content: long }, {}] });
});

test('an answer that found the disk full is stored by itself once there is room, and at the latest on closing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  script = saysThenWaits(long);
  for (const freed of ['while it runs', 'on closing'] as const) {
    const window = new Window();
    const id = await chat.send(null, 'hi');
    await fillDisk();
    await chat.watch(id, window.take);
    while (window.messages.at(-1)!.text === '') await vi.advanceTimersByTimeAsync(20);
    chat.stop(id);
    while (window.messages.at(-1)!.state === 'streaming') await vi.advanceTimersByTimeAsync(20);
    expect(window.messages.at(-1)).toMatchObject({ text: long, error: { code: 'store.diskFull' } });
    await freeDisk();
    if (freed === 'on closing') await chat.close();
    else while (window.messages.at(-1)!.state === 'error') await vi.advanceTimersByTimeAsync(1_000);
    expect(await messages(id)).toMatchObject([{}, { text: long, state: 'stopped', error: null }]);
  }
});

test('an answer that cannot be stored ends as an error, seen by the window; the conversation goes on', async () => {
  await db.exec(`CREATE TRIGGER bug BEFORE UPDATE OF text ON messages BEGIN SELECT RAISE(ABORT, 'a bug'); END`);
  const window = new Window();
  script = saysThenWaits('kept');
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await vi.waitFor(() => expect(window.messages.at(-1)).toMatchObject({ text: 'kept', state: 'error' }));
  expect(bugs.map(String)).toEqual([expect.stringContaining('a bug'), expect.stringContaining('a bug')]);
  await db.exec('DROP TRIGGER bug');
  script = says('works');
  await chat.send(id, 'again');
  expect(await ended(id)).toMatchObject({ text: 'works', state: 'done' });
  expect((await messages(id))[1]).toMatchObject({ text: 'kept', state: 'error' });
});

test('a row that was streaming when the app died is interrupted at the next start', async () => {
  script = saysThenWaits('half');
  const id = await chat.send(null, 'hi');
  await appendText(db, (await messages(id)).at(-1)!.id, 'ha');
  await interruptStaleAnswers(db);
  expect((await messages(id)).at(-1)).toMatchObject({ text: 'ha', state: 'interrupted' });
});

test('windows that come and go at any moment see exactly what is stored', async () => {
  const pieces = Array.from({ length: 80 }, (_each, index) => `${index}·`);
  script = says(...pieces);
  const id = await chat.send(null, 'count');
  const windows: Window[] = [];
  const watching: Promise<void>[] = [];
  const closers: (() => void)[] = [];
  for (let moment = 0; moment < 60; moment++) {
    const window = new Window();
    windows.push(window);
    watching.push(chat.watch(id, window.take).then((close) => void closers.push(close)));
    if (moment % 3 === 0) closers.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, moment % 7));
  }
  await Promise.all(watching);
  const last = await ended(id);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(last.text).toBe(pieces.join(''));
  const stored = await messages(id);
  for (const window of windows) {
    expect(window.events[0]!.kind).toBe('snapshot');
    const answer = window.messages.at(-1)!;
    if (answer.state === 'streaming')
      expect(last.text.startsWith(answer.text)).toBe(true); // it was closed before
    else expect(window.messages).toEqual(stored);
  }
  expect(windows.filter(({ messages: all }) => all.at(-1)!.state === 'done').length).toBeGreaterThan(30);
});

test('deltas are joined: a fast answer is not an event a token', async () => {
  const window = new Window();
  script = async ({ id }, worker) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (let token = 0; token < 200; token++) worker.send(delta(id, 'x'));
    worker.send(done(id));
  };
  const id = await chat.send(null, 'hi');
  await chat.watch(id, window.take);
  await ended(id);
  await vi.waitFor(() => expect(window.messages.at(-1)!.state).toBe('done'));
  expect(window.messages.at(-1)!.text).toBe('x'.repeat(200));
  expect(window.events.filter(({ kind }) => kind === 'delta').length).toBeLessThan(20);
});
