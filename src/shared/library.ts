import { z } from 'zod';
import { Device, Precision } from './precision';
import { WireError } from './wireError';

/** Names a model's folder, so it can be nothing else than a plain file name. */
export const ModelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
  .brand<'ModelId'>();
export type ModelId = z.infer<typeof ModelId>;

export const demoModelId = ModelId.parse('demo');

/** Where a catalog model can be fetched from. `custom` is a base URL of the user's that speaks Hugging Face's protocol. */
export const SourceId = z.enum(['modelscope', 'huggingFace', 'hfMirror', 'custom']);
export type SourceId = z.infer<typeof SourceId>;

export const Licence = z.object({ name: z.string(), url: z.url() });
export type Licence = z.infer<typeof Licence>;

/** What an installation is doing. `checking`: the finished files are read once more against their hashes. */
export const InstallStage = z.enum(['connecting', 'downloading', 'copying', 'preparing', 'checking']);
export type InstallStage = z.infer<typeof InstallStage>;

/** Why nothing moves: the user paused it, the disk is full, no source can be reached, or something else that `error` tells. */
export const PauseReason = z.enum(['user', 'diskFull', 'offline', 'failed']);
export type PauseReason = z.infer<typeof PauseReason>;

export const Installation = z.object({
  stage: InstallStage,
  /** Null while it runs. */
  pause: PauseReason.nullable(),
  /** What stopped it, or what it is trying to overcome right now. */
  error: WireError.nullable(),
  /** Which source answers; null before one did, and for imports. */
  source: SourceId.nullable(),
  precision: Precision,
  device: Device,
  keepsOriginals: z.boolean(),
  /** Verified bytes on this disk, of all there are; null until the source has told. */
  doneBytes: z.number(),
  totalBytes: z.number().nullable(),
  /** Bytes of the checkpoint already turned into the chosen precision. */
  preparedBytes: z.number(),
  /** Over the last seconds; null while that means nothing. */
  bytesPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type Installation = z.infer<typeof Installation>;

/** Weights on this disk in the form that one precision on one device needs. */
export const PreparedForm = z.object({ precision: Precision, device: Device, bytes: z.number() });
export type PreparedForm = z.infer<typeof PreparedForm>;

export const InstalledModel = z.object({
  /** `reference`: a folder of the user's that Deskmate reads and never changes. */
  origin: z.enum(['bundled', 'download', 'copy', 'reference']),
  folder: z.string(),
  revision: z.string().nullable(),
  /** Of Deskmate's own files, so what removing it frees. */
  diskBytes: z.number(),
  /** Without them, another precision needs the download again. */
  hasOriginals: z.boolean(),
  prepared: z.array(PreparedForm),
  /** Files that a check found damaged or missing; null when none was. */
  problem: WireError.nullable(),
});
export type InstalledModel = z.infer<typeof InstalledModel>;

/** What a check had to make good: files, and prepared forms by their names. Empty: everything was as it should be. */
export const CheckOutcome = z.object({ repaired: z.array(z.string()) });
export type CheckOutcome = z.infer<typeof CheckOutcome>;

export const LibraryModel = z.object({
  id: ModelId,
  name: z.string(),
  isDemo: z.boolean(),
  /** Null for a folder of the user's. */
  licence: Licence.nullable(),
  /** As published; null for a folder of the user's. */
  downloadBytes: z.number().nullable(),
  /** The one that answers, or would if it could. */
  isChosen: z.boolean(),
  installation: Installation.nullable(),
  installed: InstalledModel.nullable(),
  /** How the last check since the start came out; null before one, and once something else was done with the model. */
  check: CheckOutcome.nullable(),
});
export type LibraryModel = z.infer<typeof LibraryModel>;

/** The move of all models to another folder. `waiting`: a model is still being loaded from the first; `clearing`: all is in the
 *  new folder, which counts from here on, and the first is being emptied. */
export const FolderMoveState = z.object({
  to: z.string(),
  stage: z.enum(['waiting', 'copying', 'clearing']),
  doneBytes: z.number(),
  totalBytes: z.number(),
  /** What ended it; everything is where it was. */
  error: WireError.nullable(),
});
export type FolderMoveState = z.infer<typeof FolderMoveState>;

export const LibraryState = z.object({
  models: z.array(LibraryModel),
  folder: z.string(),
  freeBytes: z.number().nullable(),
  /** What Deskmate's files in the folder take, those of unfinished downloads too. */
  usedBytes: z.number(),
  /** What keeps the folder from being changed. */
  problem: WireError.nullable(),
  /** While the folder is being moved, or when that failed. */
  move: FolderMoveState.nullable(),
});
export type LibraryState = z.infer<typeof LibraryState>;

/** What asking a source for a byte of a model gave. */
export const SourceCheck = z.object({
  source: SourceId,
  isReachable: z.boolean(),
  milliseconds: z.number(),
  error: WireError.nullable(),
});
export type SourceCheck = z.infer<typeof SourceCheck>;
