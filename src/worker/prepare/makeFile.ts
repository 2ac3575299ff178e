import path from 'node:path';
import { AppError } from '../../shared/appError';
import { toFloat32 } from '../checkpoint/dtype';
import type { StoredTensor } from '../checkpoint/safetensors';
import type { FileJob } from './fileJob';
import { FileWriter } from './fileWriter';
import { FloatEncoder } from './floatEncoder';
import type { MadeFile } from './preparedManifest';
import { readRows } from './readRows';
import { TransposedWriter } from './transposedWriter';
import { writeQuantized } from './writeQuantized';

/** What of a job is not known before it runs. */
export type JobContext = {
  readonly folder: string;
  /** Told after each few rows how many bytes of the checkpoint they were. */
  readonly onBytes: (bytes: number) => void;
};

/** Makes one file, with a few megabytes of memory, and does not return before. Null where there was only something to check.
 *  Throws an AppError that names the tensor where the checkpoint is at fault. */
export function makeFile(job: FileJob, { folder, onBytes }: JobContext): MadeFile | null {
  if (job.encoding.kind === 'check') {
    for (const tensor of job.tensors) readFinite(tensor, (bytes) => onBytes(bytes.byteLength));
    return null;
  }
  const writer = new FileWriter(path.join(folder, job.file));
  try {
    let vanishedWeights = 0;
    for (const [i, tensor] of job.tensors.entries()) {
      const encoder = new FloatEncoder(job.floatType);
      writeTensor(tensor, job, { i, encoder, writer, onBytes });
      refuseLosses(encoder, tensor);
      vanishedWeights += encoder.vanished;
    }
    return { sha256: writer.digest(), vanishedWeights };
  } finally {
    writer.close();
  }
}

type Target = { i: number; encoder: FloatEncoder; writer: FileWriter; onBytes: (bytes: number) => void };

function writeTensor(tensor: StoredTensor, { encoding, spans }: FileJob, target: Target): void {
  const { i, encoder, writer, onBytes } = target;
  switch (encoding.kind) {
    case 'check':
      return;
    case 'stored':
      writer.padTo(spans[i]!.offset);
      return readFinite(tensor, (bytes) => {
        writer.append(bytes);
        onBytes(bytes.byteLength);
      });
    case 'plain':
      writer.padTo(spans[i]!.offset);
      return readRows(tensor, ({ bytes }) => {
        writer.append(encoder.encode(toFloat32(bytes, tensor.dtype)));
        onBytes(bytes.byteLength);
      });
    case 'transposed':
      return new TransposedWriter(tensor, encoder, writer).write(onBytes);
    case 'nf4':
    case 'blockwise':
      return writeQuantized(tensor, encoding, { writer, encoder, scalesOffset: spans[1]!.offset, onBytes });
    default:
      return encoding satisfies never;
  }
}

function readFinite(tensor: StoredTensor, visit: (bytes: Uint8Array) => void): void {
  readRows(tensor, ({ bytes }) => {
    if (!isFinite(bytes, tensor)) throw notFinite(tensor);
    visit(bytes);
  });
}

function isFinite(bytes: Uint8Array, { dtype }: StoredTensor): boolean {
  if (dtype !== 'BF16' || bytes.length % 4 !== 0) return toFloat32(bytes, dtype).every(Number.isFinite);
  // Two numbers at a time: adding carries from an exponent of ones only, and no further than into the number's own sign.
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let carries = 0;
  for (let i = 0; i < pairs.length; i++) carries |= (pairs[i]! & 0x7f80_7f80) + 0x0080_0080;
  return (carries & 0x8000_8000) === 0;
}

function refuseLosses({ notFinite: numberless, overflowed }: FloatEncoder, tensor: StoredTensor): void {
  if (numberless > 0) throw notFinite(tensor);
  if (overflowed > 0) throw new AppError('checkpoint.float16Overflow', { tensor: tensor.name, count: overflowed });
}

const notFinite = ({ name, shard }: StoredTensor): AppError =>
  new AppError('checkpoint.notFinite', { tensor: name, file: shard });
