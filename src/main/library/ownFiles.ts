import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, readJsonFile } from '../app/jsonFile';
import type { ModelPlaces } from './modelPlaces';
import { filesOf, InstallOrder, ModelMarker } from './records';

export type OwnFile = {
  /** From the model's folder, with the system's separators. */
  readonly path: string;
  readonly sizeBytes: number;
};

/** `takenBytes`: of the disk, which is less than the size where there are holes, and more where the last block is not full. */
export type FileOnDisk = OwnFile & { readonly takenBytes: number };

const topFiles = /^(model|install|download|remove)\.json(\.new|\.lock)?$/;
/** As the engine names what it prepares. */
const preparedFiles = /^([\w.-]+\.bin|model\.onnx|manifest\.json|journal\.jsonl|lock(-[\w.-]+)?)(\.new)?$/;
const preparedFolders = /^([0-9a-f]{16}-)?(bf16|int8|nf4|int4)-(float32|float16)$/;
const partFiles = /^(header|\d+)$/;

/**
 * Every file in a model's folder that Deskmate wrote: those that its records name, and those whose names only it gives. What
 * someone else put there is not among them, and is neither counted, nor moved, nor deleted.
 */
export async function ownFiles(places: ModelPlaces): Promise<FileOnDisk[]> {
  const checkpointFiles = await recordedFiles(places);
  const shards = checkpointFiles.filter((path) => path.endsWith('.safetensors'));
  const top = (await namesIn(places.root)).filter((name) => topFiles.test(name));
  const forms = (await namesIn(places.prepared)).filter((name) => preparedFolders.test(name));
  const candidates = [
    ...top,
    ...checkpointFiles.flatMap((path) => [join('checkpoint', path), join('checkpoint', `${path}.new`)]),
    ...(await matchingIn(places, { folders: shards.map((shard) => join('checkpoint', '.parts', shard)), partFiles })),
    ...(await matchingIn(places, { folders: forms.map((form) => join('prepared', form)), partFiles: preparedFiles })),
  ];
  const sized = await Promise.all(candidates.map((path) => sizeOf(places.root, path)));
  return sized.filter((file) => file !== null);
}

/** What is in them. */
export const totalBytes = (files: readonly OwnFile[]): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** What they take of the disk. */
export const takenBytes = (files: readonly FileOnDisk[]): number =>
  files.reduce((sum, file) => sum + file.takenBytes, 0);

async function recordedFiles({ marker, order }: ModelPlaces): Promise<string[]> {
  const installed = await readJsonFile(marker, ModelMarker);
  const ordered = await readJsonFile(order, InstallOrder);
  const recorded = [...(installed?.files ?? []), ...(ordered === null ? [] : filesOf(ordered))];
  return [...new Set(recorded.map(({ path }) => path))];
}

async function matchingIn(
  { root }: ModelPlaces,
  { folders, partFiles: pattern }: { folders: readonly string[]; partFiles: RegExp },
): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await namesIn(join(root, folder))).filter((name) => pattern.test(name)).map((name) => join(folder, name)),
    ),
  );
  return found.flat();
}

/** Names in a folder; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Some file systems count no blocks. */
const takenOf = ({ size, blocks }: Stats): number => (blocks > 0 ? blocks * 512 : size);

async function sizeOf(root: string, path: string): Promise<FileOnDisk | null> {
  try {
    const found = await stat(join(root, path));
    return found.isFile() ? { path, sizeBytes: found.size, takenBytes: takenOf(found) } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
