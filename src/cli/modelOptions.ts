import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import type { LoadProgress } from '../shared/model';
import { Device, Precision } from '../shared/precision';
import type { OptionKinds, Options } from './options';

/** The options of every command that opens a model. */
export const modelOptions = { model: 'value', precision: 'value', device: 'value' } as const satisfies OptionKinds;

export const modelUsage = '--model DIR --precision bf16|int8|nf4|int4 --device cpu|gpu';

export const readModelOptions = (options: Options) => ({
  modelFolder: options.required('model'),
  precision: options.oneOf('precision', Precision),
  device: options.oneOf('device', Device),
  preparedFolder: join(cacheFolder(), 'deskmate', 'prepared'),
  onProgress: progressOnStderr(),
});

/** Where this system's programs keep what they can make anew. */
export function cacheFolder(): string {
  if (platform() === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches');
  return process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
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
