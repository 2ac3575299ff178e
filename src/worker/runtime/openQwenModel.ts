import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { LoadProgress } from '../../shared/model';
import type { Device, Precision } from '../../shared/precision';
import { floatTypeOn } from '../../shared/preparedForm';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { expectedTensors } from '../checkpoint/qwenTensors';
import { checkpointWeights, preparedWeights, type WeightSource } from '../graph/weightSource';
import { prepareCheckpoint } from '../prepare/prepareCheckpoint';
import { preparedFolderName } from '../prepare/preparedFolder';
import { weightsBytesOf } from '../prepare/preparedManifest';
import { QwenModel } from './qwenModel';

export type OpenQwenOptions = {
  precision: Precision;
  device: Device;
  contextLength: number;
  /** Where prepared weights are kept between starts, a folder for each precision and number format. */
  preparedFolder: string;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
};

/** Prepares a checkpoint's weights for a precision where that is needed, and opens it on a device. */
export async function openQwenModel(
  checkpoint: Checkpoint,
  options: OpenQwenOptions,
): Promise<{ model: QwenModel; weightsBytes: number }> {
  const { device, contextLength, onProgress } = options;
  const floatType = floatTypeOn[device];
  const { weights, weightsBytes } = await weightsFor(checkpoint, { ...options, floatType });
  if (device === 'cpu') requireMemory(options.precision, weightsBytes);
  onProgress?.({ stage: 'opening', fraction: null });
  const model = await QwenModel.open({ checkpoint, weights, device, floatType, contextLength });
  return { model, weightsBytes };
}

/** Beyond the free memory a system swaps until nothing moves, or ends whom it likes. Throws `session.outOfMemory`. */
function requireMemory(precision: Precision, neededBytes: number): void {
  const freeBytes = process.availableMemory();
  if (neededBytes <= freeBytes) return;
  const [neededGb, freeGb] = [neededBytes, freeBytes].map((bytes) => (bytes / 1e9).toFixed(1));
  throw new AppError('session.outOfMemory', { precision, neededGb: neededGb!, freeGb: freeGb! });
}

type Weights = { weights: WeightSource; weightsBytes: number };

async function weightsFor(
  checkpoint: Checkpoint,
  { precision, floatType, preparedFolder, onProgress, signal }: OpenQwenOptions & { floatType: FloatType },
): Promise<Weights> {
  // In float32 nothing is gained by a copy: initializers point into the shards.
  if (precision === 'bf16' && floatType === 'float32')
    return { weights: checkpointWeights(checkpoint), weightsBytes: float32Bytes(checkpoint) };
  const prepared = await prepareCheckpoint({
    checkpoint,
    folder: path.join(preparedFolder, preparedFolderName(checkpoint, precision, floatType)),
    precision,
    floatType,
    ...(signal && { signal }),
    onProgress: (done, total) => onProgress?.({ stage: 'preparing', fraction: done / total }),
  });
  return { weights: preparedWeights(prepared), weightsBytes: weightsBytesOf(prepared.manifest) };
}

/** Weights are converted when the session is opened; the embedding stays on disk. */
function float32Bytes({ config }: Checkpoint): number {
  const elements = expectedTensors(config)
    .filter(({ kind }) => kind !== 'embedding')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  return elements * 4;
}
