import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import type { LoadProgress } from '../../shared/model';
import type { Device, Precision } from '../../shared/precision';
import { floatTypeOn, preparedFormName } from '../../shared/preparedForm';
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint';
import { readQwenConfig, type QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor, expectedTensors } from '../checkpoint/qwenTensors';
import { shardsRoot } from '../checkpoint/shardsRoot';
import { isOrdinary } from '../graph/ordinaryGraph';
import { checkpointWeights, preparedWeights, type WeightSource } from '../graph/weightSource';
import { checkWeights } from '../prepare/checkWeights';
import { readGraph } from '../prepare/graphFile';
import { prepareCheckpoint } from '../prepare/prepareCheckpoint';
import { embeddingOf, readPrepared, type PreparedFolder } from '../prepare/preparedFolder';
import { identityOf, isInShards, weightsBytesOf } from '../prepare/preparedManifest';
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
  /** Weights of this checkpoint, precision and device that are not looked for in `preparedFolder`. */
  form?: PreparedFolder;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
};

/** Prepares a checkpoint's weights for a precision where that is needed, and opens it on a device. Throws
 *  `model.originalsReleased` where that would take weights that are no longer there. */
export async function openQwenModel(options: OpenQwenOptions): Promise<{ model: QwenModel; weightsBytes: number }> {
  const { device, contextLength, onProgress } = options;
  const config = await configOf(options);
  const found = await findWeights(config, options);
  onProgress?.({ stage: 'opening', fraction: null });
  const { weights, prepared, requireSound } = found;
  const graph = prepared && isOrdinary(config, device, contextLength) ? await readGraph(prepared, config) : null;
  const model = await QwenModel.open({
    ...{ config, weights, device, floatType: floatTypeOn[device], contextLength },
    ...(graph && { graph }),
    ...(requireSound && { requireSound }),
  });
  return { model, weightsBytes: weightsBytesIn(found, config, options) };
}

/** The numbers of the model: weights that were prepared know theirs. */
export const configOf = async ({
  modelFolder,
  form,
}: Pick<OpenQwenOptions, 'modelFolder' | 'form'>): Promise<QwenConfig> =>
  form?.manifest.graph?.config ?? readQwenConfig(modelFolder);

type Weights = {
  weights: WeightSource;
  /** Where the graph is, too. */
  prepared: PreparedFolder | null;
  /** Of weights that nobody has looked at. */
  requireSound?: () => Promise<void>;
};

async function findWeights(config: QwenConfig, options: OpenQwenOptions): Promise<Weights> {
  const { modelFolder, fingerprint, form } = options;
  const alone = form && weightsAlone(form, config);
  if (alone) return alone;
  if (!form && fingerprint !== null && !(await hasShards(modelFolder))) return releasedWeights(config, options);
  const checkpoint = await openCheckpoint(modelFolder, fingerprint);
  const prepared = await preparedFormOf(checkpoint, options);
  if (prepared && !isInShards(prepared.manifest))
    return { weights: preparedWeights(prepared, checkpoint.tensors.get(embeddingTensor)!), prepared };
  const root = await shardsRoot(checkpoint);
  const isLinked = root !== checkpoint.folder; // a graph on the disk names them as if they were not
  const weights = checkpointWeights(checkpoint, root);
  return { weights, prepared: isLinked ? null : prepared, requireSound: () => checkWeights(checkpoint) };
}

/** Null where nothing is prepared: on the CPU nothing is gained by a copy in bf16, since initializers point into the shards. */
async function preparedFormOf(checkpoint: Checkpoint, options: OpenQwenOptions): Promise<PreparedFolder | null> {
  const { precision, device, form, onProgress, signal } = options;
  const wanted = { precision, floatType: floatTypeOn[device] };
  if (form) return form;
  if (isConverted(options)) {
    const identity = identityOf(checkpoint.fingerprint, wanted);
    return readPrepared(formFolder(options), { identity, config: checkpoint.config });
  }
  return prepareCheckpoint({
    checkpoint,
    folder: formFolder(options),
    ...wanted,
    ...(signal && { signal }),
    onProgress: (done, total) => onProgress?.({ stage: 'preparing', fraction: done / total }),
  });
}

const hasShards = async (folder: string): Promise<boolean> =>
  (await readdir(folder)).some((name) => name.endsWith('.safetensors'));

/** Weights that were prepared while the shards were there, or arrived. */
async function releasedWeights(config: QwenConfig, options: OpenQwenOptions): Promise<Weights> {
  const { precision, device, fingerprint } = options;
  const form = { source: fingerprint!, precision, floatType: floatTypeOn[device] };
  const prepared = await readPrepared(formFolder(options), { identity: form, config });
  const weights = prepared && weightsAlone(prepared, config);
  if (!weights) throw new AppError('model.originalsReleased', { precision, device });
  return weights;
}

/** Null where the embedding is in the shards. */
function weightsAlone(prepared: PreparedFolder, config: QwenConfig): Weights | null {
  const embedding = embeddingOf(prepared, config);
  return embedding && { weights: preparedWeights(prepared, embedding), prepared };
}

/** Whether bfloat16 becomes float32 when the session is opened. */
const isConverted = ({ precision, device }: OpenQwenOptions): boolean => precision === 'bf16' && device === 'cpu';

/** As they lie in memory, without the embedding, which stays on disk. */
function weightsBytesIn({ prepared }: Weights, config: QwenConfig, options: OpenQwenOptions): number {
  if (prepared && !isConverted(options)) return weightsBytesOf(prepared.manifest);
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
