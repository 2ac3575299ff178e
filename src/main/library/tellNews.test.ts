import { beforeEach, expect, test } from 'vitest';
import type { Installation, InstalledModel, LibraryModel, LibraryState } from '../../shared/library';
import { ModelId } from '../../shared/library';
import { Watched } from '../app/watched';
import { type Notice, tellNews } from './tellNews';

const running: Installation = {
  ...{ stage: 'downloading', pause: null, error: null, source: null, precision: 'nf4', device: 'gpu' },
  ...{ keepsOriginals: false, doneBytes: 1, totalBytes: 2, preparedBytes: 0, bytesPerSecond: null, secondsLeft: null },
};
const installed: InstalledModel = {
  ...{ origin: 'download', folder: '/models/qwen', revision: null, diskBytes: 1, hasOriginals: false, prepared: [] },
  problem: null,
};
const qwen = (installation: Installation | null, there: InstalledModel | null = null): LibraryModel => ({
  ...{ id: ModelId.parse('qwen-7b-chat'), name: 'Qwen-7B-Chat', isDemo: false, licence: null, downloadBytes: null },
  ...{ isChosen: false, installation, installed: there, check: null },
});
const state = (model: LibraryModel, parts: Partial<LibraryState> = {}): LibraryState => ({
  ...{ models: [model], folder: '/models', freeBytes: 1, usedBytes: 1, problem: null, move: null, ...parts },
});
const diskFull = { code: 'download.diskFull', params: { folder: '/models' } } as const;

let library: Watched<LibraryState>;
let shown: Notice[];
let isWatched: boolean;
let language: 'en' | 'zh-CN';
beforeEach(() => {
  [shown, isWatched, language] = [[], false, 'en'];
  library = new Watched(state(qwen(running)), (bug) => expect.unreachable(String(bug)));
  tellNews({
    watch: (listener) => library.watch(listener),
    ...{ isWatched: () => isWatched, language: () => language, show: (notice) => shown.push(notice) },
  });
});

test('a model that became ready is told by name, once, and in the language of the user', () => {
  library.set(state(qwen(null, installed)));
  library.set(state(qwen(null, installed)));
  expect(shown).toEqual([{ title: 'Qwen-7B-Chat is ready.', body: 'It can be used now.' }]);
  language = 'zh-CN';
  library.set(state(qwen(running, installed)));
  library.set(state(qwen(null, installed)));
  expect(shown[1]).toEqual({ title: 'Qwen-7B-Chat 已经就绪。', body: '现在就可以使用。' });
});

test('what needs the user is told once, with what to do', () => {
  const paused = { ...running, pause: 'diskFull', error: diskFull } as const;
  library.set(state(qwen(paused)));
  library.set(state(qwen({ ...paused, doneBytes: 0 })));
  expect(shown).toEqual([
    { title: 'Qwen-7B-Chat needs you to go on', body: expect.stringContaining('/models') as string },
  ]);
  library.set(state(qwen(running)));
  library.set(
    state(qwen({ ...running, pause: 'failed', error: { code: 'download.checksum', params: { file: 'a' } } })),
  );
  expect(shown).toHaveLength(2);
});

test('what the user did, what goes on by itself, and what is seen anyway is not told', () => {
  library.set(state(qwen({ ...running, pause: 'user' })));
  library.set(state(qwen({ ...running, pause: 'offline', error: { code: 'download.offline', params: {} } })));
  library.set(state(qwen(null))); // discarded
  expect(shown).toEqual([]);
  isWatched = true;
  library.set(state(qwen(running)));
  library.set(state(qwen(null, installed)));
  expect(shown).toEqual([]);
  isWatched = false;
  library.set(state(qwen(null, installed)));
  expect(shown).toEqual([]);
});

test('the end of a move is told, and where it failed why', () => {
  const move = { to: '/big', stage: 'clearing', doneBytes: 2, totalBytes: 2, error: null } as const;
  library.set(state(qwen(null), { move }));
  library.set(state(qwen(null), { folder: '/big' }));
  expect(shown).toEqual([{ title: 'The models have been moved', body: '/big' }]);
  library.set(state(qwen(null), { folder: '/big', move: { ...move, to: '/bigger' } }));
  library.set(state(qwen(null), { folder: '/big', move: { ...move, to: '/bigger', error: diskFull } }));
  expect(shown.at(-1)?.title).toBe('The models could not be moved');
  library.set(state(qwen(null), { folder: '/big', move }));
  library.set(state(qwen(null), { folder: '/big' }));
  expect(shown).toHaveLength(3);
});
