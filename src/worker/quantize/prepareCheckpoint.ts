import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import { readTensor, type Checkpoint } from '../checkpoint/checkpoint';
import { toFloat32 } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
import { expectedTensors } from '../checkpoint/qwenTensors';
import {
  manifestFileName,
  preparedFormatVersion,
  PreparedManifest,
  weightsFileName,
  type PreparedTensor,
} from './preparedManifest';
import { quantizeTensor, type QuantizedPrecision } from './quantizeTensor';

export type PrepareOptions = {
  checkpoint: Checkpoint;
  /** Folder of all prepared models; this one gets its own inside. */
  preparedFolder: string;
  precision: QuantizedPrecision;
  floatType: FloatType;
  signal?: AbortSignal;
  /** Told after each tensor: bytes of the checkpoint read, of all that will be. */
  onProgress?: (done: number, total: number) => void;
};

export type PreparedFolder = { folder: string; manifest: PreparedManifest };

/** External data must start at a page boundary to be mapped into memory. */
const alignment = 4096;

/** Quantizes a checkpoint tensor by tensor into a folder of its own, once: later calls find it there. A folder is made
 *  under another name and renamed when it is whole. Throws `prepare.diskFull` or `prepare.failed`. */
export async function prepareCheckpoint(options: PrepareOptions): Promise<PreparedFolder> {
  const { checkpoint, preparedFolder, precision, floatType } = options;
  const name = `${checkpoint.fingerprint}-${precision}-${floatType}-v${preparedFormatVersion}`;
  const folder = path.join(preparedFolder, name);
  const found = await readPrepared(folder);
  if (found) return found;
  try {
    return await makeFolder(folder, options);
  } catch (error) {
    throw asAppError(error, { folder: preparedFolder, bytes: sourceBytes(checkpoint) });
  }
}

async function makeFolder(folder: string, options: PrepareOptions): Promise<PreparedFolder> {
  const unfinished = `${folder}.${process.pid}.unfinished`;
  await mkdir(unfinished, { recursive: true });
  try {
    const manifest = await writeWeights(unfinished, options);
    await writeManifest(unfinished, manifest);
    await rm(folder, { recursive: true, force: true }); // not whole, or it would have been found
    await rename(unfinished, folder);
    return { folder, manifest };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** The folder's manifest, or null when there is no whole folder of this layout. */
async function readPrepared(folder: string): Promise<PreparedFolder | null> {
  try {
    const json: unknown = JSON.parse(await readFile(path.join(folder, manifestFileName), 'utf8'));
    const manifest = PreparedManifest.parse(json);
    const { size } = await stat(path.join(folder, weightsFileName));
    return size === manifest.byteLength ? { folder, manifest } : null;
  } catch {
    return null; // absent, half deleted or of another layout: it is made anew in any case
  }
}

async function writeWeights(folder: string, options: PrepareOptions): Promise<PreparedManifest> {
  const { checkpoint, precision, floatType, signal, onProgress } = options;
  const file = await open(path.join(folder, weightsFileName), 'w');
  try {
    const tensors: Record<string, PreparedTensor> = {};
    let end = 0;
    let done = 0;
    for (const { name, kind, shape } of expectedTensors(checkpoint.config)) {
      if (kind === 'embedding') continue;
      signal?.throwIfAborted();
      const stored = checkpoint.tensors.get(name)!;
      const values = toFloat32(await readTensor(stored), stored.dtype);
      const quantized = quantizeTensor(values, { kind, shape }, { precision, floatType });
      const written = await append(file, quantized.parts, end);
      tensors[name] = quantized.describe(written.offsets);
      end = written.end;
      onProgress?.((done += stored.byteLength), sourceBytes(checkpoint));
    }
    await file.sync();
    return { formatVersion: preparedFormatVersion, floatType, byteLength: end, tensors };
  } finally {
    await file.close();
  }
}

async function append(file: FileHandle, parts: readonly Uint8Array[], start: number) {
  const offsets: number[] = [];
  let end = start;
  for (const part of parts) {
    const offset = Math.ceil(end / alignment) * alignment;
    await file.write(part, 0, part.byteLength, offset);
    offsets.push(offset);
    end = offset + part.byteLength;
  }
  return { offsets, end };
}

async function writeManifest(folder: string, manifest: PreparedManifest): Promise<void> {
  const file = await open(path.join(folder, manifestFileName), 'w');
  try {
    await file.writeFile(JSON.stringify(manifest));
    await file.sync();
  } finally {
    await file.close();
  }
}

function sourceBytes({ config, tensors }: Checkpoint): number {
  return expectedTensors(config)
    .filter(({ kind }) => kind !== 'embedding')
    .reduce((sum, { name }) => sum + tensors.get(name)!.byteLength, 0);
}

function asAppError(error: unknown, { folder, bytes }: { folder: string; bytes: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('prepare.diskFull', { folder, bytes }, { cause: error });
  if (typeof code === 'string' && !(error instanceof AppError))
    return new AppError('prepare.failed', { reason: `${code} in ${folder}` }, { cause: error });
  return error;
}
