import { z } from 'zod';

const Bytes = z.object({ offset: z.int().nonnegative(), byteLength: z.int().positive() });

const PreparedTensor = z.discriminatedUnion('encoding', [
  /** Norms and biases, in the graph's number format. */
  z.object({ encoding: z.literal('plain'), values: Bytes }),
  z.object({ encoding: z.literal('nf4'), codes: Bytes, absmax: Bytes }),
  z.object({
    encoding: z.literal('blockwise'),
    bits: z.union([z.literal(4), z.literal(8)]),
    blockSize: z.int(),
    codes: Bytes,
    scales: Bytes,
  }),
]);
export type PreparedTensor = z.infer<typeof PreparedTensor>;

/** Raised when files of an older layout must be made anew. */
export const preparedFormatVersion = 1;

/** `manifest.json` of a prepared folder: written last, so that a folder with one is whole. */
export const PreparedManifest = z.object({
  formatVersion: z.literal(preparedFormatVersion),
  /** Number format of scales, norms and biases. */
  floatType: z.enum(['float32', 'float16']),
  /** Size of the weights file. */
  byteLength: z.int(),
  tensors: z.record(z.string(), PreparedTensor),
});
export type PreparedManifest = z.infer<typeof PreparedManifest>;

export const weightsFileName = 'weights.bin';
export const manifestFileName = 'manifest.json';
