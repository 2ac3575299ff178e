import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { LoadProgress } from '../../shared/model';
import type { Device, Precision } from '../../shared/precision';
import { floatTypeOn, preparedFormName } from '../../shared/preparedForm';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { readQwenConfig, type QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor, expectedTensors } from '../checkpoint/qwenTensors';
import { checkpointWeights, preparedWeights, type WeightSource } from '../graph/weightSource';
import { prepareCheckpoint } from '../prepare/prepareCheckpoint';
import { embeddingOf, readPrepared } from '../prepare/preparedFolder';
import { weightsBytesOf } from '../prepare/preparedManifest';
import { QwenModel } from './qwenModel';

export type OpenQwenOptions = {
  modelFolder: string;
  precision: Precision;
  device: Device;
  contextLength: number;
  /** Where prepared weights are kept between starts, a folder for each precision and number format. */
  preparedFolder: string;
  /** Of the weights' content: then prepared weights are found although the shards were released, and `preparedFolder` is this
   *  model's own. Null: by place and time. */
  fingerprint: string | null;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
};

/** Prepares a checkpoint's weights for a precision where that is needed, and opens it on a device. Throws
 *  `model.originalsReleased` where that would take weights that are no longer there. */
export async function openQwenModel(options: OpenQwenOptions): Promise<{ model: QwenModel; weightsBytes: number }> {
  const { modelFolder, device, contextLength, onProgress } = options;
  const config = await readQwenConfig(modelFolder);
  const isReleased = options.fingerprint !== null && !(await hasShards(modelFolder));
  const { weights, weightsBytes } = isReleased ? await releasedWeights(config, options) : await weightsFor(options);
  onProgress?.({ stage: 'opening', fraction: null });
  const floatType = floatTypeOn[device];
  const model = await QwenModel.open({ config, weights, device, floatType, contextLength });
  return { model, weightsBytes };
}

type Weights = { weights: WeightSource; weightsBytes: number };

async function weightsFor(options: OpenQwenOptions): Promise<Weights> {
  const { modelFolder, precision, device, fingerprint, onProgress, signal } = options;
  const checkpoint = await openCheckpoint(modelFolder, fingerprint);
  // In float32 nothing is gained by a copy: initializers point into the shards.
  if (precision === 'bf16' && device === 'cpu')
    return { weights: checkpointWeights(checkpoint), weightsBytes: float32Bytes(checkpoint.config) };
  const prepared = await prepareCheckpoint({
    checkpoint,
    folder: formFolder(options),
    precision,
    floatType: floatTypeOn[device],
    ...(signal && { signal }),
    onProgress: (done, total) => onProgress?.({ stage: 'preparing', fraction: done / total }),
  });
  const embedding = checkpoint.tensors.get(embeddingTensor)!;
  return { weights: preparedWeights(prepared, embedding), weightsBytes: weightsBytesOf(prepared.manifest) };
}

const hasShards = async (folder: string): Promise<boolean> =>
  (await readdir(folder)).some((name) => name.endsWith('.safetensors'));

/** Weights that were prepared while the shards were there, or arrived. */
async function releasedWeights(config: QwenConfig, options: OpenQwenOptions): Promise<Weights> {
  const { precision, device, fingerprint } = options;
  const form = { source: fingerprint!, precision, floatType: floatTypeOn[device] };
  const prepared = await readPrepared(formFolder(options), form);
  const embedding = prepared && embeddingOf(prepared, config);
  if (!prepared || !embedding) throw new AppError('model.originalsReleased', { precision, device });
  const isConverted = precision === 'bf16' && device === 'cpu';
  const weightsBytes = isConverted ? float32Bytes(config) : weightsBytesOf(prepared.manifest);
  return { weights: preparedWeights(prepared, embedding), weightsBytes };
}

/** Weights are converted when the session is opened; the embedding stays on disk. */
function float32Bytes(config: QwenConfig): number {
  const elements = expectedTensors(config)
    .filter(({ kind }) => kind !== 'embedding')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  return elements * 4;
}

/** Where a precision on a device is prepared: the folder of the form, which models without a fingerprint share. There it has
 *  the checkpoint's place in its name, so that what was made of weights that are no longer there is replaced. */
function formFolder({ modelFolder, preparedFolder, fingerprint, precision, device }: OpenQwenOptions): string {
  const form = preparedFormName(precision, device);
  if (fingerprint !== null) return path.join(preparedFolder, form);
  const place = createHash('sha256').update(path.resolve(modelFolder)).digest('hex').slice(0, 16);
  return path.join(preparedFolder, `${place}-${form}`);
}
