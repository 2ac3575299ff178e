import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';
import type { FloatType } from '../checkpoint/floatType';
import { openSession } from './session';

type CacheShape = { floatType: FloatType; dims: readonly number[] };

/** Key and value buffers on the GPU, made there by a session of their own.
 *
 *  Why: the main session must write into the very buffers it reads, and the Node binding honours outputs that are given to
 *  it only in a session without preferred output locations, which is also the only way to get a GPU buffer from it. */
export class GpuCache {
  private constructor(
    /** By the name of the graph's output. */
    readonly tensors: ReadonlyMap<string, Tensor>,
    private readonly maker: InferenceSession,
  ) {}

  static async allocate(names: readonly string[], shape: CacheShape): Promise<GpuCache> {
    const maker = await openSession(encodeOnnxModel(zerosGraph(shape)), { device: 'gpu', gpuOutputs: ['zeros'] });
    const tensors = new Map<string, Tensor>();
    for (const name of names) tensors.set(name, (await maker.run({ zero: zero(shape.floatType) }))['zeros']!);
    return new GpuCache(tensors, maker);
  }

  /** The buffers belong to the session that made them, so it lives as long as they do. */
  async release(): Promise<void> {
    for (const tensor of this.tensors.values()) tensor.dispose();
    await this.maker.release();
  }
}

const zero = (floatType: FloatType): Tensor =>
  floatType === 'float16'
    ? new Tensor('float16', new Uint16Array(1), [1])
    : new Tensor('float32', new Float32Array(1), [1]);

/** zero [1] ─ Expand ─ zeros [dims]; from an input, because a constant would be folded on the CPU and copied. */
function zerosGraph({ floatType, dims }: CacheShape) {
  const graph = new GraphBuilder();
  const input = graph.input('zero', floatType, [1]);
  graph.add('Expand', { from: [input, graph.int64('dims', dims)], to: 'zeros' });
  graph.output('zeros', floatType, dims);
  return graph.graph();
}
