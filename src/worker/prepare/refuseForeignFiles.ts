import { access, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import { readRegularFile } from '../checkpoint/regularFile';
import { isOwnModel } from '../graph/onnxFile';
import { journalFileName } from './journal';
import { vectorsFile } from './planFiles';
import { graphFileName, manifestFileName } from './preparedManifest';

/** Throws `folder.notEmpty` where the folder has someone else's manifest.json or model.onnx: the names are common ones. */
export async function refuseForeignFiles(folder: string): Promise<void> {
  if ((await hasForeignManifest(folder)) || (await hasForeignGraph(folder)))
    throw new AppError('folder.notEmpty', { folder });
}

/** Whether a folder has a manifest.json that says nothing of prepared weights. */
export async function hasForeignManifest(folder: string): Promise<boolean> {
  const file = path.join(folder, manifestFileName);
  if (!(await isThere(file))) return false;
  let json: unknown;
  try {
    json = JSON.parse((await readRegularFile(file)).toString('utf8'));
  } catch (error) {
    return !(error instanceof SyntaxError); // cut off in the middle as only what is ours can be
  }
  return typeof json !== 'object' || json === null || !('identity' in json);
}

/** Beside other files of ours it is ours, whatever became of it. */
async function hasForeignGraph(folder: string): Promise<boolean> {
  const file = path.join(folder, graphFileName);
  if (!(await isThere(file))) return false;
  for (const own of [manifestFileName, journalFileName, vectorsFile])
    if (await isThere(path.join(folder, own))) return false;
  return !isOwnModel(await firstBytes(file));
}

/** Enough to tell whose a file is; none where it is no file. */
async function firstBytes(file: string): Promise<Uint8Array> {
  if (!(await stat(file)).isFile()) return new Uint8Array();
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(64));
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
