import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing } from '../app/jsonFile';

/** As Hugging Face's libraries name the folder of a repository in their cache: `models--Qwen--Qwen-7B-Chat`. */
const repositoryName = /^models--.+?--(.+)$/;
const nameOfRepository = (folder: string): string | null => repositoryName.exec(basename(folder))?.[1] ?? null;

/**
 * The folder with the checkpoint in what the user chose, and what it is called. In Hugging Face's cache the files of a commit are
 * links in `snapshots/COMMIT`; whoever chooses the repository means the commit that its `main` is at, or the only one there.
 */
export async function checkpointIn(chosen: string): Promise<{ readonly folder: string; readonly name: string }> {
  const isSnapshot = basename(dirname(chosen)) === 'snapshots';
  const repository = isSnapshot ? dirname(dirname(chosen)) : chosen;
  const name = nameOfRepository(repository);
  if (name === null) return { folder: chosen, name: basename(chosen) };
  return { folder: isSnapshot ? chosen : await snapshotOf(repository), name };
}

async function snapshotOf(repository: string): Promise<string> {
  const snapshots = join(repository, 'snapshots');
  const [main] = await orNone(readFile(join(repository, 'refs', 'main'), 'utf8').then((text) => [text.trim()]));
  const names = await orNone(readdir(snapshots));
  const commit = names.find((name) => name === main) ?? (names.length === 1 ? names[0] : undefined);
  return commit === undefined ? repository : join(snapshots, commit);
}

async function orNone(names: Promise<string[]>): Promise<string[]> {
  try {
    return await names;
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
