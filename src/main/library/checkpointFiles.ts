import { createHash } from 'node:crypto';
import { AppError } from '../../shared/appError';
import type { HubFile } from '../download/hubListing';

const required = ['config.json', 'qwen.tiktoken'];
const optional = [
  'generation_config.json',
  'tokenizer_config.json',
  'model.safetensors.index.json',
  'LICENSE',
  'NOTICE',
];

export const isShard = (path: string): boolean => /^model(-\d+-of-\d+)?\.safetensors$/.test(path);

/** What Deskmate needs of a published repository, small files first. Throws `checkpoint.missingFile` with all that are missing. */
export function neededFiles(files: readonly HubFile[]): HubFile[] {
  const small = files.filter(({ path }) => required.includes(path) || optional.includes(path));
  const shards = files.filter(({ path }) => isShard(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const missing = required.filter((path) => !small.some((file) => file.path === path));
  if (shards.length === 0) missing.push('model.safetensors');
  if (missing.length > 0) throw new AppError('checkpoint.missingFile', { file: missing.join(', ') });
  return [...small, ...shards];
}

/** Names weights by their content, wherever they lie: of the configuration and the shards, whatever their order. */
export function contentFingerprint(files: readonly { readonly path: string; readonly sha256: string }[]): string {
  const weights = files.filter(({ path }) => path === 'config.json' || isShard(path));
  const lines = weights.map(({ path, sha256 }) => `${path} ${sha256}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 16);
}
