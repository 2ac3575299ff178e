import type { FloatType } from '../checkpoint/floatType';
import type { StoredTensor } from '../checkpoint/safetensors';
import type { BlockwiseFormat } from '../quantize/blockwise';
import type { PreparedSpan } from './preparedManifest';

/** What becomes of a tensor. `check`: nothing is written, but every weight was seen to be a number; `stored`: the same, and
 *  its bytes are copied. */
export type Encoding =
  | { readonly kind: 'check' }
  | { readonly kind: 'stored' }
  | { readonly kind: 'plain' }
  | { readonly kind: 'transposed' }
  | { readonly kind: 'nf4' }
  | ({ readonly kind: 'blockwise' } & BlockwiseFormat);

/** One file's worth of work, plain data that can be sent to a thread. */
export type FileJob = {
  readonly file: string;
  readonly encoding: Encoding;
  readonly floatType: FloatType;
  /** Several only where they are plain, stored or only checked. */
  readonly tensors: readonly StoredTensor[];
  /** Where the parts of the tensors go, in order. */
  readonly spans: readonly PreparedSpan[];
  readonly byteLength: number;
};

/** Bytes of the checkpoint that a job reads. */
export const sourceBytesOf = ({ tensors }: FileJob): number =>
  tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
