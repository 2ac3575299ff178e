import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { expectedTensors, type ExpectedTensor } from '../checkpoint/qwenTensors';
import { int4Format, int8Format } from '../quantize/blockwise';
import { nf4BlockSize } from '../quantize/nf4';
import type { Encoding, FileJob } from './fileJob';
import type { PreparedSpan, PreparedTensor } from './preparedManifest';

/** One file to be made, and where the graph will find its tensors there. */
export type PlannedFile = { readonly job: FileJob; readonly tensors: Readonly<Record<string, PreparedTensor>> };

/** External data must start at a page boundary to be mapped into memory. */
const alignment = 4096;
const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment;

const vectorsFile = 'vectors.bin';
const fileOf = (tensor: string): string => `${tensor}.bin`;

/** Every name that a file of a prepared folder may have, at any precision. */
export const possibleFiles = ({ tensors }: Checkpoint): string[] => [vectorsFile, ...[...tensors.keys()].map(fileOf)];

type Wanted = { precision: Precision; floatType: FloatType };

/** The files of a prepared folder: one for each linear weight, and one for all norms and biases. The lm_head comes first: it
 *  is the longest, and at the end the other threads would wait for it. The embedding stays in the checkpoint. */
export function planFiles(checkpoint: Checkpoint, wanted: Wanted): PlannedFile[] {
  const expected = expectedTensors(checkpoint.config);
  const matrices = expected.filter(({ kind }) => kind === 'linear' || kind === 'head');
  const headFirst = matrices.toSorted((a, b) => Number(b.kind === 'head') - Number(a.kind === 'head'));
  const vectors = expected.filter(({ kind }) => kind === 'norm' || kind === 'bias');
  return [
    ...headFirst.map((tensor) => planMatrix(checkpoint, tensor, wanted)),
    planVectors(checkpoint, vectors, wanted),
  ];
}

function planMatrix(checkpoint: Checkpoint, tensor: ExpectedTensor, wanted: Wanted): PlannedFile {
  const encoding = encodingOf(tensor, wanted);
  const { name, shape } = tensor;
  const parts = partSizes(shape, encoding, wanted.floatType);
  const spans = layOut(fileOf(name), parts);
  const { floatType } = wanted;
  const byteLength = endOf(spans);
  const job = { file: fileOf(name), encoding, floatType, tensors: [checkpoint.tensors.get(name)!], spans, byteLength };
  const stored = describe(encoding, spans);
  return { job, tensors: stored ? { [name]: stored } : {} };
}

/** The lm_head takes 8 bits at every precision below bf16: at 4 bits its loss shows in the logits directly. */
function encodingOf({ kind }: ExpectedTensor, { precision, floatType }: Wanted): Encoding {
  if (precision === 'bf16') return { kind: floatType === 'float16' ? 'transposed' : 'check' };
  if (kind === 'head' || precision === 'int8') return { kind: 'blockwise', ...int8Format };
  return precision === 'nf4' ? { kind: 'nf4' } : { kind: 'blockwise', ...int4Format };
}

/** Bytes of the parts of a matrix [outputs, inputs], in the order of the file. */
function partSizes(shape: readonly number[], encoding: Encoding, floatType: FloatType): number[] {
  const [outputs, inputs] = [shape[0]!, shape[1]!];
  const floatBytes = floatType === 'float32' ? 4 : 2;
  switch (encoding.kind) {
    case 'check':
      return [];
    case 'plain':
    case 'transposed':
      return [outputs * inputs * floatBytes];
    case 'nf4':
      return [Math.ceil((outputs * inputs) / 2), Math.ceil((outputs * inputs) / nf4BlockSize) * floatBytes];
    case 'blockwise': {
      const blocks = outputs * Math.ceil(inputs / encoding.blockSize);
      return [(blocks * encoding.blockSize * encoding.bits) / 8, blocks * floatBytes];
    }
    default:
      return encoding satisfies never;
  }
}

function describe(encoding: Encoding, [first, second]: readonly PreparedSpan[]): PreparedTensor | null {
  switch (encoding.kind) {
    case 'check':
      return null;
    case 'plain':
    case 'transposed':
      return { encoding: 'plain', isTransposed: encoding.kind === 'transposed', values: first! };
    case 'nf4':
      return { encoding: 'nf4', codes: first!, absmax: second! };
    case 'blockwise': {
      const { bits, blockSize } = encoding;
      return { encoding: 'blockwise', bits, blockSize, codes: first!, scales: second! };
    }
    default:
      return encoding satisfies never;
  }
}

function planVectors(checkpoint: Checkpoint, vectors: readonly ExpectedTensor[], wanted: Wanted): PlannedFile {
  const { precision, floatType } = wanted;
  const encoding: Encoding = { kind: precision === 'bf16' && floatType === 'float32' ? 'check' : 'plain' };
  const floatBytes = floatType === 'float32' ? 4 : 2;
  const sizes = encoding.kind === 'check' ? [] : vectors.map(({ shape }) => shape[0]! * floatBytes);
  const spans = layOut(vectorsFile, sizes);
  const tensors = vectors.map(({ name }) => checkpoint.tensors.get(name)!);
  const job = { file: vectorsFile, encoding, floatType, tensors, spans, byteLength: endOf(spans) };
  const described = vectors.map(({ name }, i) => [name, describe(encoding, spans.slice(i, i + 1))] as const);
  return { job, tensors: Object.fromEntries(described.flatMap(([name, at]) => (at ? [[name, at]] : []))) };
}

function layOut(file: string, sizes: readonly number[]): PreparedSpan[] {
  let end = 0;
  return sizes.map((byteLength) => {
    const offset = aligned(end);
    end = offset + byteLength;
    return { file, offset, byteLength };
  });
}

const endOf = (spans: readonly PreparedSpan[]): number => spans.reduce((_, at) => at.offset + at.byteLength, 0);
