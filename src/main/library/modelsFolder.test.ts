import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, readClaim, requireSafeFolder, requireWithout } from './modelsFolder';

let base: string;
let surroundings: Parameters<typeof requireSafeFolder>[1];
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'deskmate-folders-'));
  for (const name of ['home', 'data', 'data/models', 'program']) await mkdir(join(base, name));
  surroundings = {
    home: join(base, 'home'),
    reserved: [join(base, 'data'), join(base, 'program')],
    current: join(base, 'data', 'models'),
    usual: join(base, 'data', 'models'),
  };
});
afterEach(() => rm(base, { recursive: true }));

const check = (folder: string) => requireSafeFolder(folder, surroundings);
const inBase = (...names: string[]) => join(base, ...names);

test('an empty folder, one that is yet to be made, and one of our own are safe', async () => {
  await mkdir(inBase('empty'));
  await check(inBase('empty'));
  await check(inBase('to', 'be', 'made'));
  await check(inBase('home', 'models'));
  await claim(inBase('ours'));
  await mkdir(inBase('ours', 'qwen-7b-chat'));
  await check(inBase('ours'));
  expect(await readClaim(inBase('ours'))).toEqual({ version: 1, incoming: null, outgoing: null, isMade: true });
});

test('a drive, home and what is around it are not', async () => {
  await expect(check(parse(base).root)).rejects.toMatchObject({ code: 'folder.isRoot' });
  await expect(check(inBase('home'))).rejects.toMatchObject({ code: 'folder.isHome' });
  await expect(check(base)).rejects.toMatchObject({ code: 'folder.isHome' });
  surroundings = { ...surroundings, home: homedir() };
  await expect(check(homedir())).rejects.toMatchObject({ code: 'folder.isHome' });
});

test('the app’s own folders are not, but for the one where models usually lie', async () => {
  await expect(check(inBase('data'))).rejects.toMatchObject({ code: 'folder.isOurs' });
  await expect(check(inBase('data', 'logs'))).rejects.toMatchObject({ code: 'folder.isOurs' });
  await expect(check(inBase('program', 'resources'))).rejects.toMatchObject({ code: 'folder.isOurs' });
  surroundings = { ...surroundings, current: inBase('elsewhere') };
  await check(inBase('data', 'models'));
});

test('the folder that is used now is not, nor one in it or around it', async () => {
  surroundings = { ...surroundings, current: inBase('disk', 'models') };
  for (const folder of ['disk/models', 'disk/models/qwen', 'disk'])
    await expect(check(inBase(folder))).rejects.toMatchObject({ code: 'folder.isCurrent' });
  await check(inBase('disk', 'models2'));
});

test('a folder with anything of someone else’s in it is not', async () => {
  await mkdir(inBase('photos'));
  await writeFile(inBase('photos', 'cat.jpg'), '');
  await expect(check(inBase('photos'))).rejects.toMatchObject({ code: 'folder.notEmpty' });
});

test('a link is seen through', async () => {
  await symlink(inBase('home'), inBase('looks-harmless'), 'dir');
  await expect(check(inBase('looks-harmless'))).rejects.toMatchObject({ code: 'folder.isHome' });
});

test('a folder of ours with the same models is not, unless they are copies of an unfinished move', async () => {
  await claim(inBase('ours'));
  await mkdir(inBase('ours', 'qwen-7b-chat'));
  await requireWithout(['qwen-14b-chat'], inBase('ours'), inBase('data'));
  const clash = requireWithout(['qwen-7b-chat'], inBase('ours'), inBase('data'));
  await expect(clash).rejects.toMatchObject({ code: 'folder.notEmpty' });
  await claim(inBase('ours'), { incoming: { from: inBase('data'), files: [] } });
  await requireWithout(['qwen-7b-chat'], inBase('ours'), inBase('data'));
});
