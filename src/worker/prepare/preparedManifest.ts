import { z } from 'zod';
import { Precision } from '../../shared/precision';
import { QwenConfig } from '../checkpoint/qwenConfig';
import { embeddingTensor } from '../checkpoint/qwenTensors';

/** One of the folder's own: what is elsewhere, nobody vouches for. */
const FileName = z.string().regex(/^[^/\\]+$/);

/** Bytes of one of the folder's files. */
const Span = z.object({ file: FileName, offset: z.int().nonnegative(), byteLength: z.int().positive() });
export type PreparedSpan = z.infer<typeof Span>;

const PreparedTensor = z.discriminatedUnion('encoding', [
  /** The checkpoint's own bytes: the embedding, and where the checkpoint itself would do, all. */
  z.object({ encoding: z.literal('stored'), dtype: z.enum(['BF16', 'F16', 'F32']), values: Span }),
  /** In the graph's number format: norms and biases, and linear weights as [in, out], the way WebGPU multiplies them. */
  z.object({ encoding: z.literal('plain'), isTransposed: z.boolean(), values: Span }),
  z.object({ encoding: z.literal('nf4'), codes: Span, absmax: Span }),
  z.object({
    encoding: z.literal('blockwise'),
    bits: z.union([z.literal(4), z.literal(8)]),
    blockSize: z.int().positive(),
    codes: Span,
    scales: Span,
  }),
]);
export type PreparedTensor = z.infer<typeof PreparedTensor>;

/** Raised when the same weights would give other bytes. */
export const engineVersion = 3;

/** What the bytes of a prepared folder follow from: a folder of another identity is made anew. */
export const PreparedIdentity = z.object({
  /** Raised when the manifest or the layout of the files changes. */
  formatVersion: z.literal(2),
  engineVersion: z.int(),
  /** The checkpoint's fingerprint. */
  source: z.string(),
  precision: Precision,
  /** Number format of the graph, and so of scales, norms and biases. */
  floatType: z.enum(['float32', 'float16']),
});
export type PreparedIdentity = z.infer<typeof PreparedIdentity>;

type Form = Pick<PreparedIdentity, 'precision' | 'floatType'>;

/** Of weights that this Deskmate makes from a checkpoint with that fingerprint. */
export const identityOf = (source: string, { precision, floatType }: Form): PreparedIdentity => ({
  formatVersion: 2,
  engineVersion,
  source,
  precision,
  floatType,
});

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What is known of a file that is whole. */
export const MadeFile = z.object({
  sha256: Sha256,
  /** Weights that are not zero in the checkpoint and too small for float16. */
  vanishedWeights: z.int().nonnegative(),
});
export type MadeFile = z.infer<typeof MadeFile>;

/** `manifest.json` of a prepared folder: written last, so that a folder with one is whole. */
export const PreparedManifest = z.object({
  identity: PreparedIdentity,
  files: z.record(FileName, MadeFile.extend({ byteLength: z.int() })),
  /** A tensor that is missing here is read from the checkpoint itself. */
  tensors: z.record(z.string(), PreparedTensor),
  /** What the graph follows from beside the weights; null in folders that were made before there was one. */
  graph: z.object({ version: z.int(), config: QwenConfig }).nullable().default(null),
  /** Where the checkpoint lay, for whoever is given this folder alone; null where someone else knows. */
  checkpointFolder: z.string().nullable().default(null),
});
export type PreparedManifest = z.infer<typeof PreparedManifest>;

export const manifestFileName = 'manifest.json';
/** The ONNX model, whose external data are the files beside it, or the shards. */
export const graphFileName = 'model.onnx';

/** The files whose bytes are weights. They take long to make, and the graph does not. */
export const weightFilesOf = ({ files }: Pick<PreparedManifest, 'files'>): PreparedManifest['files'] =>
  Object.fromEntries(Object.entries(files).filter(([file]) => file !== graphFileName));

/** The size of all files that a manifest names. */
export const filesBytesOf = ({ files }: Pick<PreparedManifest, 'files'>): number =>
  Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0);

/** The size of the weights that the graph points into. The embedding, where it is there, stays on the disk. */
export const weightsBytesOf = (manifest: PreparedManifest): number =>
  filesBytesOf({ files: weightFilesOf(manifest) }) - (storedEmbedding(manifest)?.values.byteLength ?? 0);

/** Whether the checkpoint itself is the prepared form, and nothing of it was copied. */
export const isInShards = ({ tensors }: Pick<PreparedManifest, 'tensors'>): boolean =>
  Object.keys(tensors).length === 0;

/** The embedding's place in a folder that does without the shards. */
export function storedEmbedding({ tensors }: PreparedManifest): Extract<PreparedTensor, { encoding: 'stored' }> | null {
  const embedding = tensors[embeddingTensor];
  return embedding?.encoding === 'stored' ? embedding : null;
}
