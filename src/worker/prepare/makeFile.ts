import path from 'node:path';
import { AppError } from '../../shared/appError';
import { toFloat32 } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
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
    for (const tensor of job.tensors) {
      const encoder = new FloatEncoder(job.floatType);
      readWatching(tensor, encoder, (bytes) => onBytes(bytes.byteLength));
      refuseLosses(encoder, tensor);
    }
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
      return readWatching(tensor, encoder, (bytes) => {
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

/** Reads weights that stay as they are. The encoder counts those that the graph, to which they come later, has no room for. */
function readWatching(tensor: StoredTensor, encoder: FloatEncoder, visit: (bytes: Uint8Array) => void): void {
  readRows(tensor, ({ bytes }) => {
    if (tensor.dtype !== 'BF16' || !areSound(bytes, encoder)) encoder.encode(toFloat32(bytes, tensor.dtype));
    visit(bytes);
  });
}

/** The least magnitude that is infinite in a number format, or no number at all, as bfloat16 bits. */
const firstUnsound: Record<FloatType, number> = { float32: 0x7f80, float16: 0x4780 };

/** Whether all bfloat16 numbers are below `firstUnsound`; false where that is not easily told. */
function areSound(bytes: Uint8Array, { floatType }: FloatEncoder): boolean {
  if (bytes.length % 4 !== 0) return false;
  // Two numbers at a time: adding carries from unsound magnitudes only, and no further than into the number's own sign.
  const missing = (0x8000 - firstUnsound[floatType]) * 0x0001_0001;
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let carries = 0;
  for (let i = 0; i < pairs.length; i++) carries |= (pairs[i]! & 0x7fff_7fff) + missing;
  return (carries & 0x8000_8000) === 0;
}

function refuseLosses({ notFinite: numberless, overflowed }: FloatEncoder, tensor: StoredTensor): void {
  const place = { tensor: tensor.name, file: tensor.shard };
  if (numberless > 0) throw new AppError('checkpoint.notFinite', place);
  if (overflowed > 0) throw new AppError('checkpoint.float16Overflow', { ...place, count: overflowed });
}
