import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import type { Part } from '../download/downloadPlan';
import type { HubFile } from '../download/hubListing';
import { isShard } from './checkpointFiles';

/** A tensor's place in its shard. */
export type TensorPlace = {
  readonly name: string;
  readonly shard: string;
  readonly offset: number;
  readonly byteLength: number;
  readonly isNeeded: boolean;
};

/** A part of a shard and the tensors in it, which lie side by side. */
export type ShardPart = Part & { readonly tensors: readonly TensorPlace[] };

/** Where the parts of a shard lie: all in the shard itself, or each in a file of its own, in a folder of the shard's. */
export type PartPlace = { readonly shardFile: string } | { readonly partsFolder: string };

/** The length of the header, which comes first in a shard as a number of eight bytes. */
const lengthBytes = 8;
/** Tensors below this share a part, so that norms and biases are no request each. */
export const smallBytes = 1 << 20;

/** An empty JSON object: no header is shorter. */
const leastHeaderBytes = 2;

/** Throws `checkpoint.invalidShard` for a listed shard that is too short to have a header, so that nobody waits for its bytes. */
export function requireHeaders(files: readonly HubFile[]): void {
  const short = files.find(({ path, sizeBytes }) => isShard(path) && sizeBytes < lengthBytes + leastHeaderBytes);
  if (short !== undefined)
    throw new AppError('checkpoint.invalidShard', { file: short.path, reason: `it has only ${short.sizeBytes} bytes` });
}

/** The file that holds the first bytes of a shard. */
export const headerFileIn = (place: PartPlace): string =>
  'shardFile' in place ? place.shardFile : join(place.partsFolder, 'header');

/** The length of the header alone: what has to be known first. */
export const lengthPart = (place: PartPlace): ShardPart => ({
  ...{ path: headerFileIn(place), offset: 0, start: 0, sizeBytes: lengthBytes, tensors: [] },
});

/** The header, as far as the length before it says. */
export const headerParts = (place: PartPlace, headerBytes: number): ShardPart[] => [
  lengthPart(place),
  { path: headerFileIn(place), offset: lengthBytes, start: lengthBytes, sizeBytes: headerBytes, tensors: [] },
];

/** The whole shard: its header, then its tensors in the order in which they lie, without a gap. */
export function shardParts(place: PartPlace, headerBytes: number, tensors: readonly TensorPlace[]): ShardPart[] {
  const groups: TensorPlace[][] = [];
  for (const tensor of tensors.toSorted((a, b) => a.offset - b.offset)) {
    const last = groups.at(-1);
    const joins = last !== undefined && [tensor, ...last].every(({ byteLength }) => byteLength < smallBytes);
    if (joins) last.push(tensor);
    else groups.push([tensor]);
  }
  const tensorParts = groups.map((group, number): ShardPart => {
    const start = group[0]!.offset;
    const sizeBytes = group.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const where =
      'shardFile' in place
        ? { path: place.shardFile, offset: start }
        : { path: join(place.partsFolder, String(number)), offset: 0 };
    return { ...where, start, sizeBytes, tensors: group };
  });
  return [...headerParts(place, headerBytes), ...tensorParts];
}
