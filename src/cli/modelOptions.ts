import { join } from 'node:path';
import type { LoadProgress } from '../shared/model';
import { Device, Precision } from '../shared/precision';
import { cacheFolder } from '../worker/cacheFolder';
import type { OptionKinds, Options } from './options';
import { findPrepared } from './preparedModel';

/** The options of every command that opens a model. */
export const modelOptions = { model: 'value', precision: 'value', device: 'value' } as const satisfies OptionKinds;

export const modelUsage = '--model DIR --precision bf16|int8|nf4|int4 --device cpu|gpu';

/** Of a checkpoint, or of a folder that `prepare` made of one. */
export async function readModelOptions(options: Options) {
  const way = { precision: options.oneOf('precision', Precision), device: options.oneOf('device', Device) };
  const modelFolder = options.required('model');
  return {
    modelFolder,
    ...way,
    preparedFolder: join(cacheFolder(), 'deskmate', 'prepared'),
    fingerprint: null,
    onProgress: progressOnStderr(),
    ...(await findPrepared(modelFolder, way)),
  };
}

/** A line for each stage, and for each percent of it. */
export function progressOnStderr(): (progress: LoadProgress) => void {
  let last = '';
  return ({ stage, fraction }) => {
    const line = fraction === null ? stage : `${stage} ${Math.floor(fraction * 100)} %`;
    if (line !== last) console.error(line);
    last = line;
  };
}
