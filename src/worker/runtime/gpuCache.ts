import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { FloatType } from '../checkpoint/floatType';
import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';
import { inSteps } from './inSteps';
import { openSession } from './session';

type RowShape = { floatType: FloatType; heads: number; headSize: number };

/** Key and value buffers on the GPU, [1, heads, rows, headSize] each, following the conversation in steps.
 *
 *  A session of their own makes and resizes them: the main session must write into the very buffers it reads, and the Node
 *  binding honours outputs that are given to it only in a session without preferred output locations, which is also the only
 *  way to get a GPU buffer from it. */
export class GpuCache {
  readonly #tensors = new Map<string, Tensor>();
  #rows = 0;

  private constructor(
    private readonly names: readonly string[],
    private readonly shape: RowShape,
    private readonly resizer: InferenceSession,
  ) {}

  /** A cache without rows, of one buffer for each of `names`. */
  static async open(names: readonly string[], shape: RowShape): Promise<GpuCache> {
    const resizer = await openSession(encodeOnnxModel(resizeGraph(shape)), { device: 'gpu', gpuOutputs: ['resized'] });
    return new GpuCache(names, shape, resizer);
  }

  /** By the name of the graph's output. */
  get tensors(): ReadonlyMap<string, Tensor> {
    return this.#tensors;
  }

  get bytes(): number {
    const { floatType, heads, headSize } = this.shape;
    return this.names.length * heads * this.#rows * headSize * (floatType === 'float16' ? 2 : 4);
  }

  /** Takes the steps that `rows` rows need, no more and no less, and keeps the first `validRows`: buffer by buffer, so that
   *  never two whole caches exist. */
  async resize(rows: number, validRows: number): Promise<void> {
    const stepped = inSteps(rows);
    if (stepped === this.#rows) return;
    // One row even when none is valid: an axis without elements is nothing every operator has been tested with.
    const keptRows = Math.max(validRows, 1);
    this.#rows = 0; // should one buffer fail, sizes are mixed, and the next call must touch them all
    for (const name of this.names) {
      const old = this.#tensors.get(name) ?? this.#firstRow();
      this.#tensors.set(name, await this.#resize(old, { keptRows, addedRows: stepped - keptRows }));
      old.dispose();
    }
    this.#rows = stepped;
  }

  /** The buffers belong to the session that made them, so it lives as long as they do. */
  async release(): Promise<void> {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    await this.resizer.release();
  }

  async #resize(old: Tensor, { keptRows, addedRows }: { keptRows: number; addedRows: number }): Promise<Tensor> {
    const { floatType, heads, headSize } = this.shape;
    const { resized } = await this.resizer.run({
      old,
      kept: new Tensor('int64', BigInt64Array.of(BigInt(keptRows)), [1]),
      zero: zeros(floatType, [1]),
      added: new Tensor('int64', BigInt64Array.from([1, heads, addedRows, headSize], BigInt), [4]),
    });
    return resized!;
  }

  #firstRow(): Tensor {
    const { floatType, heads, headSize } = this.shape;
    return zeros(floatType, [1, heads, 1, headSize]);
  }
}

function zeros(floatType: FloatType, dims: readonly number[]): Tensor {
  const size = dims.reduce((a, b) => a * b);
  return floatType === 'float16'
    ? new Tensor('float16', new Uint16Array(size), dims)
    : new Tensor('float32', new Float32Array(size), dims);
}

/** Keeps the first rows and puts zeros after them; from an input, because a constant would be folded on the CPU and copied.
 *
 *    old [1, heads, p, d] ─ Slice (to kept) ─┬─ Concat ─ resized [1, heads, q, d]
 *    zero [1] ─ Expand (to added) ───────────┘                                                                    */
function resizeGraph({ floatType, heads, headSize }: RowShape) {
  const graph = new GraphBuilder();
  const old = graph.input('old', floatType, [1, heads, 'p', headSize]);
  const [first, axis] = [graph.int64('first', [0]), graph.int64('axis', [2])];
  const kept = graph.add('Slice', { from: [old, first, graph.input('kept', 'int64', [1]), axis], to: 'kept_rows' });
  const zero = graph.input('zero', floatType, [1]);
  const added = graph.add('Expand', { from: [zero, graph.input('added', 'int64', [4])], to: 'added_rows' });
  graph.add('Concat', { from: [kept, added], to: 'resized', attributes: { axis: 2 } });
  graph.output('resized', floatType, [1, heads, 'q', headSize]);
  return graph.graph();
}
