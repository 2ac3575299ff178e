import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Checkpoint } from './checkpoint';

/**
 * The folder from which all shards can be named: the checkpoint's own, or one above it where shards are links that lead out of
 * it, as in Hugging Face's cache. ONNX Runtime opens no file that lies outside of the folder it is given, wherever its name is.
 */
export async function shardsRoot({ folder, tensors }: Pick<Checkpoint, 'folder' | 'tensors'>): Promise<string> {
  const files = new Set([...tensors.values()].map(({ file }) => file));
  const shards = await Promise.all([...files].map((file) => realpath(file)));
  let root = path.resolve(folder);
  while (!(await holdsAll(root, shards))) root = path.dirname(root);
  return root === path.resolve(folder) ? folder : root;
}

/** At the root of a drive the search ends, though a shard on another drive of Windows is not in it: opening it says so. */
async function holdsAll(folder: string, files: readonly string[]): Promise<boolean> {
  const real = await realpath(folder);
  const isIn = (file: string): boolean => {
    const way = path.relative(real, file);
    return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  };
  return path.dirname(folder) === folder || files.every(isIn);
}
