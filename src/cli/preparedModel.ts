import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../shared/appError';
import type { Device, Precision } from '../shared/precision';
import { floatTypeOn } from '../shared/preparedForm';
import { openCheckpoint } from '../worker/checkpoint/checkpoint';
import { configFile } from '../worker/checkpoint/qwenConfig';
import { journalFileName } from '../worker/prepare/journal';
import { readPrepared, type PreparedFolder } from '../worker/prepare/preparedFolder';
import { manifestFileName, storedEmbedding } from '../worker/prepare/preparedManifest';
import { hasForeignManifest } from '../worker/prepare/refuseForeignFiles';

/** What `--model` names, where that is no checkpoint but a folder that `prepare` made: its weights, and the checkpoint that has the
 *  rest. Null for a checkpoint. Throws `cli.usage` where the folder is not of that precision and device, or of no use any more. */
export async function findPrepared(
  folder: string,
  { precision, device }: { precision: Precision; device: Device },
): Promise<{ modelFolder: string; form: PreparedFolder } | null> {
  const [hasManifest, hasJournal, hasConfig] = await Promise.all(
    [manifestFileName, journalFileName, configFile].map((file) => isThere(join(folder, file))),
  );
  if (!hasManifest && hasJournal && !hasConfig) throw unusable(folder, 'is not whole; prepare it again');
  if (!hasManifest || (await hasForeignManifest(folder))) return null;
  const form = await readPrepared(folder, { identity: {}, config: null });
  if (form === null || form.manifest.graph === null) throw unusable(folder, 'is not whole; prepare it again');
  const { identity, checkpointFolder } = form.manifest;
  if (identity.precision !== precision || identity.floatType !== floatTypeOn[device])
    throw unusable(folder, `holds ${identity.precision} for the ${deviceOf(identity.floatType)}; ask for these`);
  if (storedEmbedding(form.manifest)) return { modelFolder: checkpointFolder ?? folder, form };
  if (checkpointFolder === null) throw unusable(folder, 'needs its checkpoint; name that');
  if ((await openCheckpoint(checkpointFolder)).fingerprint !== identity.source)
    throw unusable(folder, `was prepared before ${checkpointFolder} changed; prepare it again`);
  return { modelFolder: checkpointFolder, form };
}

const unusable = (folder: string, problem: string) => new AppError('cli.usage', { problem: `${folder} ${problem}` });

const deviceOf = (floatType: 'float32' | 'float16'): string => (floatType === floatTypeOn.gpu ? 'GPU' : 'CPU');

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
