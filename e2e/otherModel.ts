import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../scripts/project';

/** A copy of the built app without any model; its folder is the caller's to change. */
export async function appWithoutModel(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-app-'));
  await cp(path.join(projectRoot, 'out'), path.join(folder, 'out'), { recursive: true });
  await cp(path.join(projectRoot, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  await mkdir(path.join(folder, 'assets'));
  return folder;
}
