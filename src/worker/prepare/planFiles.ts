import type { Precision } from '../../shared/precision';
import type { Checkpoint } from '../checkpoint/checkpoint';
import type { FloatType } from '../checkpoint/floatType';
import { expectedTensors, type ExpectedTensor } from '../checkpoint/qwenTensors';
import type { StoredTensor } from '../checkpoint/safetensors';
import { blockwiseFormats } from '../quantize/blockwise';
import type { Encoding, FileJob } from './fileJob';
import { partSizes } from './partSizes';
import { graphFileName, type PreparedSpan, type PreparedTensor } from './preparedManifest';

/** One file to be made, and where the graph will find its tensors there. */
export type PlannedFile = { readonly job: FileJob; readonly tensors: Readonly<Record<string, PreparedTensor>> };

/** Where the tensors of all files lie: the manifest's list of them. */
export const tensorsOf = (plan: readonly PlannedFile[]): Record<string, PreparedTensor> =>
  Object.fromEntries(plan.flatMap(({ tensors }) => Object.entries(tensors)));

/** External data must start at a page boundary to be mapped into memory. */
const alignment = 4096;
const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment;

export const vectorsFile = 'vectors.bin';
const fileOf = (tensor: string): string => `${tensor}.bin`;

/** Every name that a file of a prepared folder may have, at any precision. */
export const possibleFiles = ({ tensors }: PlanSource): string[] => [
  graphFileName,
  vectorsFile,
  ...[...tensors.keys()].map(fileOf),
];

/** What of a checkpoint decides how its prepared folder looks. */
export type PlanSource = Pick<Checkpoint, 'config' | 'tensors'>;

type Wanted = {
  precision: Precision;
  floatType: FloatType;
  /** Whether the folder will do without the shards. */
  isStandalone: boolean;
};

/** The files of a prepared folder: one for each linear weight, and at last one for all norms and biases. The lm_head comes
 *  first: it is the longest, and at the end the other threads would wait for it. The embedding stays in the checkpoint, and
 *  so does all that the graph reads as the checkpoint has it, unless the folder must stand alone: it is only looked at. */
export function planFiles(checkpoint: PlanSource, wanted: Wanted): PlannedFile[] {
  const expected = expectedTensors(checkpoint.config);
  const matrices = expected.filter(({ kind }) => kind === 'linear' || kind === 'head' || kind === 'embedding');
  const headFirst = matrices.toSorted((a, b) => Number(b.kind === 'head') - Number(a.kind === 'head'));
  const vectors = expected.filter(({ kind }) => kind === 'norm' || kind === 'bias');
  return [
    ...headFirst.map((tensor) => planMatrix(checkpoint, tensor, wanted)),
    planVectors(checkpoint, vectors, wanted),
  ];
}

function planMatrix({ tensors }: PlanSource, expected: ExpectedTensor, wanted: Wanted): PlannedFile {
  const encoding = encodingOf(expected, wanted);
  const { floatType } = wanted;
  const tensor = tensors.get(expected.name)!;
  const file = fileOf(tensor.name);
  const spans = layOut(file, partSizes(tensor, encoding, floatType));
  const job = { file, encoding, floatType, tensors: [tensor], spans, byteLength: endOf(spans) };
  return { job, tensors: described(tensor, encoding, spans) };
}

/** The lm_head takes 8 bits at every precision below bf16: at 4 bits its loss shows in the logits directly. */
function encodingOf({ kind }: ExpectedTensor, { precision, floatType, isStandalone }: Wanted): Encoding {
  if (kind === 'embedding') return { kind: isStandalone ? 'stored' : 'check' };
  if (precision === 'bf16' && floatType === 'float16') return { kind: 'transposed' };
  if (precision === 'bf16') return { kind: isStandalone ? 'stored' : 'check' };
  const { int8, int4 } = blockwiseFormats[floatType];
  if (kind === 'head' || precision === 'int8') return { kind: 'blockwise', ...int8 };
  return precision === 'nf4' ? { kind: 'nf4' } : { kind: 'blockwise', ...int4 };
}

/** The tensor's place in the manifest, under its name; nothing where nothing is written. */
function described(
  tensor: StoredTensor,
  encoding: Encoding,
  spans: readonly PreparedSpan[],
): Record<string, PreparedTensor> {
  return encoding.kind === 'check' ? {} : { [tensor.name]: describe(tensor, encoding, spans) };
}

type Written = Exclude<Encoding, { kind: 'check' }>;

function describe({ dtype }: StoredTensor, encoding: Written, spans: readonly PreparedSpan[]): PreparedTensor {
  const [first, second] = spans;
  switch (encoding.kind) {
    case 'stored':
      return { encoding: 'stored', dtype, values: first! };
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

function planVectors(source: PlanSource, vectors: readonly ExpectedTensor[], wanted: Wanted): PlannedFile {
  const { floatType } = wanted;
  const encoding = vectorEncoding(wanted);
  const tensors = vectors.map(({ name }) => source.tensors.get(name)!);
  const sizes = tensors.flatMap((tensor) => partSizes(tensor, encoding, floatType));
  const spans = layOut(vectorsFile, sizes);
  const job = { file: vectorsFile, encoding, floatType, tensors, spans, byteLength: endOf(spans) };
  const places = tensors.map((tensor, i) => described(tensor, encoding, spans.slice(i, i + 1)));
  return { job, tensors: Object.assign({}, ...places) as Record<string, PreparedTensor> };
}

function vectorEncoding({ precision, floatType, isStandalone }: Wanted): Encoding {
  if (precision !== 'bf16' || floatType === 'float16') return { kind: 'plain' };
  return { kind: isStandalone ? 'stored' : 'check' };
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
