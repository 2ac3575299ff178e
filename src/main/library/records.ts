import { z } from 'zod';
import { Licence, SourceId } from '../../shared/library';
import { Device, Precision } from '../../shared/precision';
import { ModelShape } from '../../shared/verdict';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of the checkpoint as it was fetched or copied, with the hashes of its stretches. */
const CheckpointFile = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  sha256: Sha256,
  chunks: z.array(z.object({ start: z.number(), sizeBytes: z.number(), sha256: Sha256 })),
});
export type CheckpointFile = z.infer<typeof CheckpointFile>;

/** `model.json`: what the model is. A folder with it is whole. */
export const ModelMarker = z.object({
  version: z.literal(1),
  name: z.string(),
  origin: z.enum(['download', 'copy', 'reference']),
  /** The user's folder, for a reference. */
  folder: z.string().nullable(),
  source: SourceId.nullable(),
  revision: z.string().nullable(),
  /** Names the weights by their content; null for a reference, which may change under us. */
  fingerprint: z.string().nullable(),
  licence: Licence.extend({ acceptedAtMs: z.number() }).nullable(),
  shape: ModelShape,
  hasOriginals: z.boolean(),
  files: z.array(CheckpointFile),
  /** Of `files`, those that a check found damaged or missing. */
  damaged: z.array(z.string()).default([]),
});
export type ModelMarker = z.infer<typeof ModelMarker>;

const HubFile = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  sha256: Sha256.nullable(),
  gitId: z.string().nullable(),
});

const AcceptedLicence = Licence.extend({ acceptedAtMs: z.number() });

const DownloadOrder = z.object({
  kind: z.literal('download'),
  precision: Precision,
  device: Device,
  keepsOriginals: z.boolean(),
  licence: AcceptedLicence.nullable(),
  /** The user paused it. */
  isPaused: z.boolean(),
  /** The files as the first source that answered listed them; null before. */
  pinned: z.object({ source: SourceId, revision: z.string(), files: z.array(HubFile) }).nullable(),
});
export type DownloadOrder = z.infer<typeof DownloadOrder>;

const CopyOrder = z.object({
  kind: z.literal('copy'),
  name: z.string(),
  from: z.string(),
  shape: ModelShape,
  isPaused: z.boolean(),
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  /** Those that are there, read back and whole. */
  copied: z.array(CheckpointFile),
});
export type CopyOrder = z.infer<typeof CopyOrder>;

/** `install.json`: what an installation is to bring about, so that the next start can go on with it. */
export const InstallOrder = z.discriminatedUnion('kind', [DownloadOrder, CopyOrder]);
export type InstallOrder = z.infer<typeof InstallOrder>;

/** The files of the checkpoint that an order is about. */
export function filesOf(order: InstallOrder): readonly { readonly path: string }[] {
  return order.kind === 'copy' ? order.files : (order.pinned?.files ?? []);
}
