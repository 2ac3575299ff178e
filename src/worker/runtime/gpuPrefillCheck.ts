import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { AppError } from '../../shared/appError';
import { halfToFloat, toFloat16 } from '../checkpoint/dtype';
import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';
import type { FloatType } from '../checkpoint/floatType';
import { openSession } from './session';

/** Candidates, best first. From 32 tokens on, ONNX Runtime 1.30 computes attention with another shader, which gives wrong
 *  results on some drivers (seen with Mesa's lavapipe); 31 keeps to the first one. */
const chunkLengths = [256, 31];

/** Two heads show what all of them do. */
const heads = 2;

/** Largest error against float32 arithmetic that rounding explains, relative to outputs of magnitude 1. */
const tolerance: Record<FloatType, number> = { float32: 1e-3, float16: 2e-2 };

type AttentionShape = { headSize: number; floatType: FloatType };

/** The longest prefill chunk for which this GPU and driver compute attention rightly, found by computing it.
 *  Throws `device.gpuUnavailable` when none is right. */
export async function longestRightChunk(shape: AttentionShape): Promise<number> {
  for (const length of chunkLengths)
    if ((await attentionError(length, shape)) < tolerance[shape.floatType]) return length;
  throw new AppError('device.gpuUnavailable', { details: 'the driver computes attention wrongly' });
}

/** Largest difference between the GPU's causal attention over `length` tokens and a plain loop's. */
async function attentionError(length: number, shape: AttentionShape): Promise<number> {
  const session = await openSession(encodeOnnxModel(attentionGraph(length, shape)), { device: 'gpu' });
  try {
    const qkv = testValues(length * 3 * heads * shape.headSize);
    const actual = await runAttention(session, qkv, { length, ...shape });
    const expected = plainAttention(qkv, length, shape.headSize);
    return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i]!)), 0);
  } finally {
    await session.release();
  }
}

/** GroupQueryAttention as gpuAttention.ts uses it, with rotation by zero angles. */
function attentionGraph(length: number, { headSize, floatType }: AttentionShape) {
  const graph = new GraphBuilder();
  const cacheDims = [1, heads, length, headSize];
  const half = headSize / 2;
  const table = (name: string, value: number) => {
    const values = new Float32Array(length * half).fill(value);
    const stored = floatType === 'float16' ? toFloat16(values) : values;
    return graph.constant({ name, type: floatType, dims: [length, half], bytes: new Uint8Array(stored.buffer) });
  };
  graph.add('GroupQueryAttention', {
    from: [
      graph.input('qkv', floatType, [1, length, 3 * heads * headSize]),
      '',
      '',
      graph.input('past_k', floatType, cacheDims),
      graph.input('past_v', floatType, cacheDims),
      graph.input('last_position', 'int32', [1]),
      graph.input('total_length', 'int32', [1]),
      table('cos', 1),
      table('sin', 0),
    ],
    to: ['out', 'present_k', 'present_v'],
    attributes: { num_heads: heads, kv_num_heads: heads, do_rotary: 1, scale: { float: 1 / Math.sqrt(headSize) } },
  });
  graph.output('out', floatType, [1, length, heads * headSize]);
  for (const name of ['present_k', 'present_v']) graph.output(name, floatType, cacheDims);
  return graph.graph();
}

async function runAttention(
  session: InferenceSession,
  qkv: Float32Array,
  { length, headSize, floatType }: AttentionShape & { length: number },
): Promise<Float32Array> {
  const tensor = (values: Float32Array, dims: number[]) =>
    floatType === 'float16' ? new Tensor('float16', toFloat16(values), dims) : new Tensor('float32', values, dims);
  const emptyCache = () => tensor(new Float32Array(heads * length * headSize), [1, heads, length, headSize]);
  const { out } = await session.run({
    qkv: tensor(qkv, [1, length, 3 * heads * headSize]),
    past_k: emptyCache(),
    past_v: emptyCache(),
    last_position: new Tensor('int32', Int32Array.of(length - 1), [1]),
    total_length: new Tensor('int32', Int32Array.of(length), [1]),
  });
  // float16 outputs arrive as their bits.
  return floatType === 'float16'
    ? Float32Array.from(out!.data as Uint16Array, halfToFloat)
    : (out!.data as Float32Array);
}

/** Fixed values in [-2, 2), so that some scores dominate their softmax. */
function testValues(size: number): Float32Array {
  let x = 1;
  return Float32Array.from({ length: size }, () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return (x / 2 ** 32) * 4 - 2;
  });
}

/** Causal softmax attention in plain loops. qkv: [length, 3, heads, headSize]; returns [length, heads, headSize]. */
function plainAttention(qkv: Float32Array, length: number, headSize: number): Float32Array {
  const hidden = heads * headSize;
  const out = new Float32Array(length * hidden);
  const at = (row: number, part: number, head: number) => (row * 3 + part) * hidden + head * headSize;
  for (let head = 0; head < heads; head++)
    for (let row = 0; row < length; row++) {
      const weights = Array.from({ length: row + 1 }, (_, key) => {
        let score = 0;
        for (let i = 0; i < headSize; i++) score += qkv[at(row, 0, head) + i]! * qkv[at(key, 1, head) + i]!;
        return score / Math.sqrt(headSize);
      });
      const largest = Math.max(...weights);
      const exponentials = weights.map((score) => Math.exp(score - largest));
      const sum = exponentials.reduce((a, b) => a + b);
      for (const [key, weight] of exponentials.entries())
        for (let i = 0; i < headSize; i++)
          out[row * hidden + head * headSize + i]! += (weight / sum) * qkv[at(key, 2, head) + i]!;
    }
  return out;
}
