import { z } from 'zod';
import { ChatTurn, FinishReason, GenerationStats, SamplingOptions } from './generation';
import { GpuProof, Hardware } from './hardware';
import { LoadProgress, OpenedModel } from './model';
import { Device, DeviceSetting, Precision, PrecisionSetting } from './precision';
import { Measurement, ModelShape, Verdict } from './verdict';
import { WireError } from './wireError';

export const workerProtocolVersion = 1;

const empty = z.object({});

/** A checkpoint of which the small files are in the folder, and of each shard at least its header: the first bytes of the
 *  shard, or the shard itself. */
const ArrivingCheckpoint = z.object({
  folder: z.string(),
  shards: z.array(z.object({ name: z.string(), bytes: z.int().nonnegative(), headerFile: z.string() })),
});

const TensorPlace = z.object({
  name: z.string(),
  shard: z.string(),
  offset: z.int(),
  byteLength: z.int().positive(),
  /** Old checkpoints carry buffers along that nobody reads: they never arrive. */
  isNeeded: z.boolean(),
});

/** What main may ask of the inference worker. `event` frames come in order, before the one terminal frame. */
export const workerMethods = {
  /** Reads, prepares and opens a checkpoint; replaces nothing: a process loads one model in its life. */
  load: {
    input: z.object({
      modelFolder: z.string(),
      /** Where prepared weights are kept between starts; with a fingerprint, this model's own, in folders that
       *  `preparedFormName` names. */
      preparedFolder: z.string(),
      /** Names the weights by their content, wherever they lie; null: by place and time. Prepared weights of another content
       *  are made anew from the shards; without shards it is `model.originalsReleased`. */
      fingerprint: z.string().nullable(),
      precision: PrecisionSetting,
      device: DeviceSetting,
      /** What Auto may choose from for a model without its originals; null: any form can be prepared. */
      forms: z.array(z.object({ precision: Precision, device: Device })).nullable(),
      /** What Auto knows of this computer besides its hardware. */
      proof: GpuProof.nullable(),
      measurements: z.array(Measurement),
    }),
    event: LoadProgress,
    output: OpenedModel,
  },
  /** One answer. The deltas joined are the whole text. */
  generate: {
    input: z.object({ turns: z.array(ChatTurn).min(1), sampling: SamplingOptions }),
    event: z.discriminatedUnion('kind', [
      /** Prompt tokens computed so far; `done` starts at those found in the cache. */
      z.object({ kind: z.literal('prefill'), done: z.int(), total: z.int() }),
      z.object({ kind: z.literal('delta'), text: z.string(), tokens: z.int() }),
    ]),
    output: z.object({
      finishReason: FinishReason,
      stats: GenerationStats,
      droppedTurns: z.int(),
      /** What keys and values take now. */
      conversationBytes: z.number(),
    }),
  },
  hardware: { input: empty, event: z.never(), output: Hardware },
  /** Computes a small model on the GPU. For a process of its own: a broken driver may end it. */
  proveGpu: { input: empty, event: z.never(), output: GpuProof },
  /** How a model would run here, best first. */
  verdicts: {
    input: z.object({
      shape: ModelShape,
      /** What unloading the model that runs would give back. */
      released: z.object({ ramBytes: z.number(), vramBytes: z.number() }),
      proof: GpuProof.nullable(),
      measurements: z.array(Measurement),
    }),
    event: z.never(),
    output: z.array(Verdict),
  },
  /** Reads a checkpoint folder, but no weights, and lists the files that Deskmate needs of it. Throws
   *  `checkpoint.missingFile` with the names of all that are missing, or a code that names what is damaged. */
  inspect: {
    input: z.object({ folder: z.string() }),
    event: z.never(),
    output: z.object({ shape: ModelShape, files: z.array(z.object({ path: z.string(), bytes: z.number() })) }),
  },
  /** Where every tensor lies, read from the first bytes of each shard. Behind its header a shard consists of these tensors
   *  in this order, without holes. Throws a `checkpoint.` code where one is missing or is not what the config says. */
  layOut: {
    input: ArrivingCheckpoint,
    event: z.never(),
    output: z.object({ tensors: z.array(TensorPlace) }),
  },
  /** Prepares a checkpoint tensor by tensor as `arrive` tells of them, until `conclude`, at low priority: it is for a
   *  process of its own. Unless the shards stay, what it made needs no file of the checkpoint but config, generation config and
   *  vocabulary. Ended in whichever way and asked again, it goes on with what is done; an error, such as `checkpoint.notFinite` of a tensor that
   *  came damaged, leaves the same. One at a time. */
  prepareArriving: {
    input: ArrivingCheckpoint.extend({
      /** The model's own; the weights come into the folder `preparedFormName` in it. */
      preparedFolder: z.string(),
      precision: Precision,
      device: Device,
      fingerprint: z.string(),
      /** The shards stay: what would only be copied from them, such as the embedding, is not. */
      keepsShards: z.boolean().optional(),
    }),
    /** These tensors are on the disk in their new form and are not read again. The first event names what an earlier run did.
     *  Norms and biases, which are small, come with the last. Bytes are of the checkpoint. */
    event: z.object({ tensors: z.array(z.string()), doneBytes: z.number(), totalBytes: z.number() }),
    /** Of the prepared folder. */
    output: z.object({ bytes: z.number() }),
  },
  /** The bytes of tensors lie in files now, where they stay until `prepareArriving` says that they are not read again. What it
   *  has already is not read. This and the next two may follow `prepareArriving` at once and are taken in order. When it has
   *  ended, its own answer says why, and this one has no effect. */
  arrive: {
    input: z.object({
      tensors: z.array(z.object({ name: z.string(), file: z.string(), offset: z.int().nonnegative() })),
    }),
    event: z.never(),
    output: empty,
  },
  /** Tensors were wrong: they are no longer read when this is answered, what was made of them is deleted, and they will arrive
   *  again. Throws `prepare.failed` where that could not be done, because `prepareArriving` had ended: it is to be asked of the
   *  next one. */
  forget: { input: z.object({ tensors: z.array(z.string()) }), event: z.never(), output: empty },
  /** All that has arrived or will arrive is right, and nothing is forgotten any more: the folder may become whole. */
  conclude: { input: empty, event: z.never(), output: empty },
} as const;

type WorkerMethods = typeof workerMethods;
export type WorkerMethod = keyof WorkerMethods;
export type WorkerInput<M extends WorkerMethod> = z.infer<WorkerMethods[M]['input']>;
export type WorkerEvent<M extends WorkerMethod> = z.infer<WorkerMethods[M]['event']>;
export type WorkerOutput<M extends WorkerMethod> = z.infer<WorkerMethods[M]['output']>;

const id = z.int();

export const ToWorker = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    id,
    method: z.enum(Object.keys(workerMethods) as [WorkerMethod, ...WorkerMethod[]]),
    input: z.unknown(),
  }),
  /** Idempotent; unknown ids are ignored. */
  z.object({ kind: z.literal('cancel'), id }),
  z.object({ kind: z.literal('shutdown') }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

export const FromWorker = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), protocolVersion: z.int() }),
  z.object({ kind: z.literal('event'), id, event: z.unknown() }),
  /** Exactly one result or error for each request id. */
  z.object({ kind: z.literal('result'), id, output: z.unknown() }),
  z.object({ kind: z.literal('error'), id, error: WireError }),
]);
export type FromWorker = z.infer<typeof FromWorker>;
