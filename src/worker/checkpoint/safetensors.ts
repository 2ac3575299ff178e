import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { bytesPerElement, type Dtype } from './dtype';
import { codeOf } from './regularFile';

/** Where a tensor lies: `byteLength` bytes of `file` from `offset`, row-major, little-endian. */
export type StoredTensor = {
  readonly name: string;
  /** The checkpoint's own file for it, as messages name it. */
  readonly shard: string;
  /** Where its bytes can be read. */
  readonly file: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
};

/** A tensor as a header describes it, of whatever dtype. */
export type HeaderTensor = Omit<StoredTensor, 'dtype'> & { readonly dtype: string };

/** The safetensors library's own limit: a larger header is an attack or garbage. */
const maxHeaderBytes = 100_000_000;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const Header = z.record(z.string(), z.unknown());

/** Reads the header of one safetensors file, and nothing else, and checks it against the size of the file.
 *  Format: 8 bytes header length, JSON header (offsets relative to its end), data without holes; huggingface/safetensors
 *  README. */
export const readSafetensorsHeader = (file: string): Promise<HeaderTensor[]> => readHeader({ file, headerFile: file });

/** The same for a shard that will have `size` bytes and lie at `file`, of which only the first are there, in `headerFile`. */
export const readArrivingHeader = (shard: Required<ShardFile>): Promise<HeaderTensor[]> => readHeader(shard);

type ShardFile = {
  readonly file: string;
  readonly headerFile: string;
  /** By default that of the header's file. */
  readonly size?: number;
};

async function readHeader({ file, headerFile, size }: ShardFile): Promise<HeaderTensor[]> {
  const handle = await openShard({ file, headerFile });
  try {
    const there = (await handle.stat()).size;
    const shard = { file, size: size ?? there };
    return parseHeader(await readHeaderBytes(handle, { ...shard, there }), shard);
  } finally {
    await handle.close();
  }
}

type Shard = { file: string; size: number };

async function openShard({ file, headerFile }: ShardFile): Promise<FileHandle> {
  let isFile: boolean;
  try {
    isFile = (await stat(headerFile)).isFile();
  } catch (error) {
    throw new AppError('checkpoint.missingFile', { file: path.basename(file) }, { cause: error });
  }
  if (!isFile) throw damaged(file, 'it is no file'); // to open a pipe would be to wait for its other end
  try {
    return await open(headerFile, 'r');
  } catch (error) {
    const params = { file: path.basename(file), reason: codeOf(error) };
    throw new AppError('checkpoint.unreadable', params, { cause: error });
  }
}

const damaged = (file: string, reason: string, cause?: unknown): AppError =>
  new AppError('checkpoint.invalidShard', { file: path.basename(file), reason }, { cause });

async function readHeaderBytes(handle: FileHandle, shard: Shard & { there: number }): Promise<Buffer> {
  const { file, size, there } = shard;
  if (size < 8) throw damaged(file, `it has ${size} bytes`);
  const prefix = Buffer.alloc(8);
  await handle.read(prefix, 0, 8, 0);
  const length = Number(prefix.readBigUInt64LE());
  if (length > maxHeaderBytes || length > size - 8)
    throw damaged(file, `its header of ${length} bytes does not fit into ${size} bytes`);
  if (length > there - 8) throw damaged(file, `its header of ${length} bytes ends after ${there} bytes`);
  const header = Buffer.alloc(length);
  await handle.read(header, 0, length, 8);
  return header;
}

function parseHeader(bytes: Buffer, shard: Shard): HeaderTensor[] {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw damaged(shard.file, 'its header is not JSON', error);
  }
  const header = Header.safeParse(json);
  if (!header.success) throw damaged(shard.file, 'its header is not a JSON object');
  const dataStart = 8 + bytes.length;
  const spans: [number, number][] = [];
  const tensors: HeaderTensor[] = [];
  for (const [name, raw] of Object.entries(header.data)) {
    if (name === '__metadata__') continue;
    const entry = Entry.safeParse(raw);
    if (!entry.success) throw damaged(shard.file, `its header describes ${name} wrongly`);
    const [begin, end] = entry.data.data_offsets;
    spans.push([begin, end]);
    const { dtype, shape } = entry.data;
    const byteLength = end - begin;
    const needed = isDtype(dtype) ? shape.reduce((product, n) => product * n, bytesPerElement[dtype]) : byteLength;
    if (byteLength !== needed)
      throw damaged(shard.file, `${name} has ${byteLength} bytes where its shape needs ${needed}`);
    tensors.push({
      name,
      shard: path.basename(shard.file),
      file: shard.file,
      dtype,
      shape,
      offset: dataStart + begin,
      byteLength,
    });
  }
  checkSpans(spans, { ...shard, size: shard.size - dataStart });
  return tensors;
}

/** Whether weights may be stored so; old buffers have other dtypes. */
export const isDtype = (dtype: string): dtype is Dtype => Object.hasOwn(bytesPerElement, dtype);

/** The format allows no holes and no overlap, so the spans in order must tile the data exactly. */
function checkSpans(spans: [number, number][], { file, size }: Shard): void {
  let end = 0;
  for (const [begin, next] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== end || next < begin) throw damaged(file, `its tensors do not follow each other at byte ${begin}`);
    end = next;
  }
  if (end !== size) throw damaged(file, `it holds ${size} bytes of tensors where its header promises ${end}`);
}
