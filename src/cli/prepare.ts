import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../shared/appError';
import { Device, Precision } from '../shared/precision';
import { floatTypeOn } from '../shared/preparedForm';
import { openCheckpoint } from '../worker/checkpoint/checkpoint';
import { prepareCheckpoint, sourceBytes } from '../worker/prepare/prepareCheckpoint';
import type { PreparedFolder } from '../worker/prepare/preparedFolder';
import { manifestFileName, filesBytesOf } from '../worker/prepare/preparedManifest';
import type { Command } from './command';
import { writeLine } from './output';

/** The weights of a checkpoint in the form a device computes with. A run that was stopped is continued by the next;
 *  a run over a whole folder reads it, and makes anew what is not what it was. */
export const prepare: Command = {
  usage: '--source DIR --precision bf16|int8|nf4|int4 --device cpu|gpu --out DIR',
  data: 'lines {"type": "progress", "done", "total"} and at last {"type": "done", "bytes", "sha256": {file: hex}}',
  options: { source: 'value', precision: 'value', device: 'value', out: 'value' },
  async run(options) {
    const precision = options.oneOf('precision', Precision);
    const floatType = floatTypeOn[options.oneOf('device', Device)];
    const folder = options.required('out');
    const source = options.required('source');
    const checkpoint = await openCheckpoint(source);
    await requireOther(source, folder);
    const total = sourceBytes({ checkpoint, precision, floatType });
    const written: Promise<void>[] = [];
    const report = (done: number) => written.push(writeLine({ type: 'progress', done, total }));
    const form = { precision, floatType, isVerified: true, namesCheckpoint: true };
    const prepared = await prepareCheckpoint({ checkpoint, folder, ...form, onProgress: report });
    if (written.length === 0) report(total); // an earlier run did it all
    await Promise.all(written);
    await writeLine({ type: 'done', ...(await summary(prepared)) });
  },
};

/** In the checkpoint's own folder nobody could tell any more which of the two is meant. */
async function requireOther(source: string, out: string): Promise<void> {
  const [from, to] = await Promise.all([source, out].map((folder) => realpath(folder).catch(() => null)));
  if (from === to) throw new AppError('cli.usage', { problem: '--out is the folder of --source; name another' });
}

/** All files of the folder, the manifest too, which cannot name its own sum. */
async function summary({ folder, manifest }: PreparedFolder) {
  const manifestBytes = await readFile(join(folder, manifestFileName));
  const sums = Object.entries(manifest.files).map(([file, { sha256 }]) => [file, sha256]);
  const manifestSum = createHash('sha256').update(manifestBytes).digest('hex');
  return {
    bytes: filesBytesOf(manifest) + manifestBytes.byteLength,
    sha256: Object.fromEntries([...sums, [manifestFileName, manifestSum]]) as Record<string, string>, // pairs of strings
  };
}
