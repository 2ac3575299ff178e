import type { Precision } from '../../shared/precision';
import { toFloat16 } from '../checkpoint/dtype';
import type { FloatType } from '../checkpoint/floatType';
import type { ExpectedTensor } from '../checkpoint/qwenTensors';
import { int4Format, int8Format, quantizeBlockwise, type BlockwiseFormat } from './blockwise';
import { quantizeNf4 } from './nf4';
import type { PreparedTensor } from './preparedManifest';

/** Precisions whose weights are made anew; bf16 is read from the checkpoint itself. */
export type QuantizedPrecision = Exclude<Precision, 'bf16'>;

/** Parts of one tensor as they are written, in order, and how the manifest describes them. */
export type QuantizedTensor = {
  readonly parts: readonly Uint8Array[];
  readonly describe: (offsets: readonly number[]) => PreparedTensor;
};

/** Quantizes one tensor. The lm_head takes 8 bits at every precision: at 4 bits its loss shows in the logits directly. */
export function quantizeTensor(
  values: Float32Array,
  tensor: Pick<ExpectedTensor, 'kind' | 'shape'>,
  { precision, floatType }: { precision: QuantizedPrecision; floatType: FloatType },
): QuantizedTensor {
  const floats = (source: Float32Array) => bytesOf(floatType === 'float16' ? toFloat16(source) : source);
  switch (tensor.kind) {
    case 'linear':
      if (precision === 'nf4') return nf4Tensor(values, floats);
      return blockwiseTensor(
        values,
        { columns: tensor.shape[1]!, ...(precision === 'int8' ? int8Format : int4Format) },
        floats,
      );
    case 'head':
      return blockwiseTensor(values, { columns: tensor.shape[1]!, ...int8Format }, floats);
    case 'norm':
    case 'bias':
      return plainTensor(floats(values));
    case 'embedding':
      throw new Error('the embedding is read from the checkpoint');
    default:
      return tensor.kind satisfies never;
  }
}

type ToBytes = (values: Float32Array) => Uint8Array;

const bytesOf = (values: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function plainTensor(bytes: Uint8Array): QuantizedTensor {
  return {
    parts: [bytes],
    describe: ([offset]) => ({ encoding: 'plain', values: { offset: offset!, byteLength: bytes.byteLength } }),
  };
}

function nf4Tensor(values: Float32Array, floats: ToBytes): QuantizedTensor {
  const { codes, absmax } = quantizeNf4(values);
  const parts = [codes, floats(absmax)] as const;
  return {
    parts,
    describe: (offsets) => {
      const [codesAt, absmaxAt] = spans(parts, offsets);
      return { encoding: 'nf4', codes: codesAt!, absmax: absmaxAt! };
    },
  };
}

function blockwiseTensor(
  values: Float32Array,
  { columns, bits, blockSize }: BlockwiseFormat & { columns: number },
  floats: ToBytes,
): QuantizedTensor {
  const { codes, scales } = quantizeBlockwise(values, columns, { bits, blockSize });
  const parts = [codes, floats(scales)] as const;
  return {
    parts,
    describe: (offsets) => {
      const [codesAt, scalesAt] = spans(parts, offsets);
      return { encoding: 'blockwise', bits, blockSize, codes: codesAt!, scales: scalesAt! };
    },
  };
}

const spans = (parts: readonly Uint8Array[], offsets: readonly number[]) =>
  parts.map((part, i) => ({ offset: offsets[i]!, byteLength: part.byteLength }));
