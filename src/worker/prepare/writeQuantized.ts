import { toFloat32 } from '../checkpoint/dtype';
import type { StoredTensor } from '../checkpoint/safetensors';
import { blockwiseBfloat16, nf4Bfloat16, type Bfloat16Format } from '../quantize/bfloat16Format';
import { quantizeBlockwise, type BlockwiseFormat } from '../quantize/blockwise';
import { nf4BlockSize, quantizeNf4 } from '../quantize/nf4';
import { quantizeBfloat16 } from '../quantize/quantizeBfloat16';
import type { Encoding } from './fileJob';
import type { FileWriter } from './fileWriter';
import type { FloatEncoder } from './floatEncoder';
import { columnsOf, readRows, rowsOf } from './readRows';

export type QuantizedEncoding = Extract<Encoding, { kind: 'blockwise' }> | { readonly kind: 'nf4' };

type Target = {
  readonly writer: FileWriter;
  readonly encoder: FloatEncoder;
  /** Where the scales begin, after the codes. */
  readonly scalesOffset: number;
  readonly onBytes: (bytes: number) => void;
};

/** Writes the codes of a weight [out, in] as they come, and at the end its scales, which are few. */
export function writeQuantized(tensor: StoredTensor, encoding: QuantizedEncoding, target: Target): void {
  const { writer, encoder, scalesOffset, onBytes } = target;
  const blockSize = encoding.kind === 'nf4' ? nf4BlockSize : encoding.blockSize;
  const scales = new Float32Array(blocksOf(tensor, encoding));
  const quantize = quantizerOf(tensor, encoding);
  let blocks = 0;
  readRows(tensor, ({ bytes }) => {
    const part = quantize(bytes);
    writer.append(part.codes);
    scales.set(part.scales, blocks);
    blocks += part.scales.length;
    onBytes(bytes.byteLength);
  });
  writer.padTo(scalesOffset);
  const atOnce = 1 << 20;
  for (let start = 0; start < scales.length; start += atOnce)
    writer.append(encoder.encode(scales.subarray(start, start + atOnce), blockSize));
}

function blocksOf(tensor: StoredTensor, encoding: QuantizedEncoding): number {
  const [rows, columns] = [rowsOf(tensor), columnsOf(tensor)];
  return encoding.kind === 'nf4'
    ? Math.ceil((rows * columns) / nf4BlockSize)
    : rows * Math.ceil(columns / encoding.blockSize);
}

/** Scales are NaN where a block holds what is no number. The arrays may be used again for the next rows. */
type Quantizer = (bytes: Uint8Array) => { codes: Uint8Array; scales: Float32Array };

/** Rows come in multiples of 64, or all at once, so that blocks of NF4, which do not know of rows, are whole. */
function quantizerOf(tensor: StoredTensor, encoding: QuantizedEncoding): Quantizer {
  const columns = columnsOf(tensor);
  const format = formatOf(encoding);
  const blockRow = encoding.kind === 'nf4' ? rowsOf(tensor) * columns : columns;
  if (tensor.dtype === 'BF16' && blockRow % format.blockSize === 0) return quantizeBytes(format);
  return (bytes) => {
    const values = toFloat32(bytes, tensor.dtype);
    if (!values.every(Number.isFinite)) return { codes: new Uint8Array(), scales: Float32Array.of(NaN) };
    if (encoding.kind === 'blockwise') return quantizeBlockwise(values, columns, encoding);
    const { codes, absmax } = quantizeNf4(values);
    return { codes, scales: absmax };
  };
}

function quantizeBytes(format: Bfloat16Format): Quantizer {
  let out = { codes: new Uint8Array(), scales: new Float32Array() };
  return (bytes) => {
    const values = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const blocks = values.length / format.blockSize;
    if (out.scales.length !== blocks)
      out = { codes: new Uint8Array((values.length * format.bits) / 8), scales: new Float32Array(blocks) };
    quantizeBfloat16(values, format, out);
    return out;
  };
}

const formats = new Map<string, Bfloat16Format>();

/** Making a table takes a few milliseconds: once a thread. */
function formatOf(encoding: QuantizedEncoding): Bfloat16Format {
  const key = JSON.stringify(encoding);
  const known = formats.get(key) ?? makeFormat(encoding);
  formats.set(key, known);
  return known;
}

const makeFormat = (encoding: { kind: 'nf4' } | ({ kind: 'blockwise' } & BlockwiseFormat)): Bfloat16Format =>
  encoding.kind === 'nf4' ? nf4Bfloat16() : blockwiseBfloat16(encoding);
