import { z } from 'zod';
import { ChatTurn, FinishReason, GenerationStats, SamplingOptions } from './generation';
import { Hardware } from './hardware';
import { LoadProgress, OpenedModel } from './model';
import { DeviceSetting, PrecisionSetting } from './precision';
import { WireError } from './wireError';

export const workerProtocolVersion = 1;

const empty = z.object({});

/** What main may ask of the inference worker. `event` frames come in order, before the one terminal frame. */
export const workerMethods = {
  /** Reads, prepares and opens a checkpoint; replaces nothing: a process loads one model in its life. */
  load: {
    input: z.object({
      modelFolder: z.string(),
      /** Where quantized weights are kept between starts. */
      preparedFolder: z.string(),
      precision: PrecisionSetting,
      device: DeviceSetting,
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
