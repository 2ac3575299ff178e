import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../scripts/project';
import { demoFolder } from './publishedDemo';

/** A copy of the built app without any model; its folder is the caller's to change. */
export async function appWithoutModel(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-e2e-app-'));
  await cp(path.join(projectRoot, 'out'), path.join(folder, 'out'), { recursive: true });
  await cp(path.join(projectRoot, 'package.json'), path.join(folder, 'package.json'));
  await symlink(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  await mkdir(path.join(folder, 'assets'));
  return folder;
}

/** A copy of the built app whose demo model always takes the likeliest token, as its generation_config.json says: in BF16 on the CPU
 *  its answers are the greedy texts of the reference. */
export async function appWithGreedyModel(): Promise<string> {
  const folder = await appWithoutModel();
  const model = path.join(folder, 'assets', 'demo-model');
  await cp(demoFolder, model, { recursive: true });
  const file = path.join(model, 'generation_config.json');
  const config: unknown = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify(Object.assign({}, config, { do_sample: false })));
  return folder;
}
