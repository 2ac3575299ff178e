import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import { isMissing } from '../app/jsonFile';
import { contentFingerprint } from './checkpointFiles';
import { copyVerified, requireFreeBytes, unfinishedCopy } from './copyVerified';
import type { InstallWork } from './installWork';
import { ownFiles, totalBytes } from './ownFiles';
import type { CheckpointFile, CopyOrder, ModelMarker } from './records';

type Copy = Omit<InstallWork, 'services' | 'host'> & { readonly order: CopyOrder };

/** Copies a checkpoint folder file by file; those that an earlier run finished are not copied again. */
export async function installCopy(copy: Copy): Promise<ModelMarker> {
  const { order, places, report, signal } = copy;
  const total = sum(order.files, ({ bytes }) => bytes);
  let copied: CheckpointFile[] = order.copied;
  let doneBytes = sum(copied, ({ sizeBytes }) => sizeBytes);
  report.stage('copying');
  report.total(total);
  report.done(doneBytes);
  await requireFreeBytes(places.root, total - doneBytes - (await begunBytes(copy)));
  const onBytes = (bytes: number): void => report.done((doneBytes += bytes));
  for (const { path } of order.files) {
    if (copied.some((file) => file.path === path)) continue;
    const [from, to] = [join(order.from, path), join(places.checkpoint, path)];
    const hashes = await copyVerified({ from, to, onBytes, signal }).catch(asAppError(order.from));
    copied = [...copied, { path, ...hashes }];
    await report.order({ ...order, copied });
  }
  return {
    ...{ version: 1, name: order.name, origin: 'copy', folder: null, source: null, revision: null, licence: null },
    ...{ fingerprint: contentFingerprint(copied), shape: order.shape, hasOriginals: true, files: copied, damaged: [] },
  };
}

/** What an earlier run wrote of the file that it did not finish. */
async function begunBytes({ order, places }: Copy): Promise<number> {
  const unfinished = order.files.map(({ path }) => unfinishedCopy(join('checkpoint', path)));
  return totalBytes((await ownFiles(places)).filter(({ path }) => unfinished.includes(path)));
}

/** The user's folder may have gone meanwhile. */
const asAppError =
  (from: string) =>
  (error: unknown): never => {
    const isGone = isMissing(error);
    throw isGone ? new AppError('library.folderGone', { folder: from }, { cause: error }) : error;
  };

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
