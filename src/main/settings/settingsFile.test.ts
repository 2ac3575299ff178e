import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoModelId } from '../../shared/library';
import type { Settings } from '../../shared/settings';
import { SettingsFile } from './settingsFile';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-settings-'));
  file = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true }));

const unexpected = (bug: unknown) => expect.unreachable(String(bug));
const defaults: Settings = {
  language: 'system',
  theme: 'system',
  precision: 'auto',
  device: 'auto',
  modelId: demoModelId,
  modelsFolder: null,
  sourceOrder: ['modelscope', 'huggingFace', 'hfMirror', 'custom'],
  customSource: null,
  bandwidthLimit: null,
  keepsOriginals: false,
  hasStarted: false,
};

test('without a file the defaults apply, and nothing is written until something changes', async () => {
  const settings = await SettingsFile.open(file, unexpected);
  expect(settings.current).toEqual(defaults);
  expect(settings.problem).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

test('a change is on disk when it is answered, and seen by those who watch', async () => {
  const settings = await SettingsFile.open(file, unexpected);
  const seen: Settings[] = [];
  const close = settings.watch((each) => seen.push(each));
  const changed = await settings.change({ theme: 'dark' });
  close();
  expect((await SettingsFile.open(file, unexpected)).current).toEqual(changed);
  await settings.change({ theme: 'light' });
  expect(seen).toEqual([defaults, { ...defaults, theme: 'dark' }]);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('changes at the same time are all kept', async () => {
  const settings = await SettingsFile.open(file, unexpected);
  await Promise.all([
    settings.change({ theme: 'dark' }),
    settings.change({ language: 'zh-CN' }),
    settings.change({ precision: 'nf4' }),
    settings.change({ device: 'cpu' }),
  ]);
  expect((await SettingsFile.open(file, unexpected)).current).toEqual({
    ...defaults,
    theme: 'dark',
    language: 'zh-CN',
    precision: 'nf4',
    device: 'cpu',
  });
});

test('a partial file of an older version is completed; fields that are not ours are ignored', async () => {
  writeFileSync(file, '{"theme":"dark","telemetry":true}');
  expect((await SettingsFile.open(file, unexpected)).current).toEqual({ ...defaults, theme: 'dark' });
});

test.each(['', '{"theme":', '[]', '{"theme":"pink"}'])(
  'the unreadable file %j is kept aside, and said so',
  async (text) => {
    writeFileSync(file, text);
    const settings = await SettingsFile.open(file, unexpected);
    expect(settings.current).toEqual(defaults);
    expect(settings.problem).toMatchObject({ code: 'settings.unreadable', params: { file: `${file}.unreadable` } });
    expect(readFileSync(`${file}.unreadable`, 'utf8')).toBe(text);
    expect((await SettingsFile.open(file, unexpected)).problem).toBeNull();
  },
);

test('one value that makes no sense takes its default; the others stay, over the next start too', async () => {
  writeFileSync(file, '{"theme":"pink","language":"zh-CN","precision":"nf4"}');
  const settings = await SettingsFile.open(file, unexpected);
  expect(settings.current).toEqual({ ...defaults, language: 'zh-CN', precision: 'nf4' });
  expect(settings.problem).toMatchObject({ code: 'settings.unreadable' });
  const again = await SettingsFile.open(file, unexpected);
  expect(again.current).toEqual(settings.current);
  expect(again.problem).toBeNull();
});

test('files kept aside are numbered, never overwritten', async () => {
  for (const text of ['first', 'second', 'third']) {
    writeFileSync(file, text);
    await SettingsFile.open(file, unexpected);
  }
  const kept = ['', '.2', '.3'].map((number) => readFileSync(`${file}.unreadable${number}`, 'utf8'));
  expect(kept).toEqual(['first', 'second', 'third']);
});

test('a change that cannot be stored is not applied', async () => {
  const settings = await SettingsFile.open(join(folder, 'gone', 'settings.json'), unexpected);
  await expect(settings.change({ theme: 'dark' })).rejects.toThrow('ENOENT');
  expect(settings.current).toEqual(defaults);
});

test('on a full disk a change is refused by name, and the old settings stay', async ({ skip }) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  if (status !== 0) skip('only root on Linux can make a disk as small as that');
  try {
    const settings = await SettingsFile.open(join(disk, 'settings.json'), unexpected);
    await settings.change({ theme: 'dark' });
    expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(100_000))).toThrow('ENOSPC');
    await expect(settings.change({ theme: 'light' })).rejects.toMatchObject({ code: 'store.diskFull' });
    expect(settings.current.theme).toBe('dark');
    expect((await SettingsFile.open(join(disk, 'settings.json'), unexpected)).current.theme).toBe('dark');
    rmSync(join(disk, 'filler'));
    expect((await settings.change({ theme: 'light' })).theme).toBe('light');
  } finally {
    spawnSync('umount', [disk]);
  }
});
