import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../shared/appError';
import { bytesPerElement } from '../checkpoint/dtype';
import { codeOf } from '../checkpoint/regularFile';
import type { StoredTensor } from '../checkpoint/safetensors';

export type Rows = {
  /** Bytes of whole rows, at an aligned offset of a buffer that is used again for the next ones. */
  readonly bytes: Uint8Array;
  readonly first: number;
  readonly count: number;
};

/** Small enough to stay in a processor's cache until it is encoded. */
const chunkBytes = 1 << 20;
/** With so many rows at a time no block of any format reaches over the end of a chunk. */
const rowsMultiple = 64;

export const columnsOf = ({ shape }: Pick<StoredTensor, 'shape'>): number => shape.at(-1)!;
export const rowsOf = ({ shape }: Pick<StoredTensor, 'shape'>): number => (shape.length === 1 ? 1 : shape[0]!);

/** Rows that are read at once. */
export function rowsAtOnce(tensor: StoredTensor): number {
  const rowBytes = columnsOf(tensor) * bytesPerElement[tensor.dtype];
  const rows = Math.max(1, Math.floor(chunkBytes / rowBytes / rowsMultiple)) * rowsMultiple;
  return Math.min(rows, rowsOf(tensor));
}

/** Reads a tensor chunk by chunk. Throws `checkpoint.invalidShard` where the file ends early, `checkpoint.unreadable` where it
 *  cannot be read. */
export function readRows(tensor: StoredTensor, visit: (rows: Rows) => void): void {
  const rowBytes = columnsOf(tensor) * bytesPerElement[tensor.dtype];
  const buffer = new Uint8Array(rowsAtOnce(tensor) * rowBytes);
  const descriptor = readable(tensor, () => openSync(tensor.file, 'r'));
  try {
    const rows = rowsOf(tensor);
    for (let first = 0; first < rows; first += rowsAtOnce(tensor)) {
      const count = Math.min(rowsAtOnce(tensor), rows - first);
      const bytes = buffer.subarray(0, count * rowBytes);
      fill(bytes, { tensor, descriptor, position: tensor.offset + first * rowBytes });
      visit({ bytes, first, count });
    }
  } finally {
    closeSync(descriptor);
  }
}

type Place = { tensor: StoredTensor; descriptor: number; position: number };

function fill(bytes: Uint8Array, { tensor, descriptor, position }: Place): void {
  for (let read = 0; read < bytes.byteLength;) {
    const more = readable(tensor, () => readSync(descriptor, bytes, read, bytes.byteLength - read, position + read));
    if (more === 0) throw damaged(tensor, `it ends within ${tensor.name}`);
    read += more;
  }
}

function readable<T>(tensor: StoredTensor, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = `${codeOf(error)} in ${tensor.name}`;
    throw new AppError('checkpoint.unreadable', { file: tensor.shard, reason }, { cause: error });
  }
}

const damaged = ({ shard }: StoredTensor, reason: string): AppError =>
  new AppError('checkpoint.invalidShard', { file: shard, reason });
