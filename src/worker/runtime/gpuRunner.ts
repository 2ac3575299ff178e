import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { toFloat16 } from '../checkpoint/dtype';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { gpuInputs } from '../graph/gpuAttention';
import { queryScale } from '../graph/rotary';
import type { FloatType } from '../checkpoint/floatType';
import { GpuCache } from './gpuCache';
import type { QwenRunner, Step } from './qwenRunner';

export type GpuRunnerOptions = {
  config: QwenConfig;
  floatType: FloatType;
  scalesQueries: boolean;
  /** The alphas of the graph's rotary tables, in their order. */
  alphas: readonly number[];
};

/** Names of the graph's cache outputs. */
const presentNames = (layers: number): string[] =>
  Array.from({ length: layers }, (_, layer) => [`present_k${layer}`, `present_v${layer}`]).flat();

/** Runs the graph of gpuAttention.ts: keys and values live in GPU buffers that are input and output at once. */
export class GpuRunner implements QwenRunner {
  private constructor(
    private readonly session: InferenceSession,
    private readonly cache: GpuCache,
    private readonly options: GpuRunnerOptions,
  ) {}

  static async create(session: InferenceSession, options: GpuRunnerOptions): Promise<GpuRunner> {
    const { config, floatType } = options;
    const { layers, heads, headSize } = config;
    const cache = await GpuCache.open(presentNames(layers), { floatType, heads, headSize });
    return new GpuRunner(session, cache, options);
  }

  /** GroupQueryAttention reads valid rows alone, and they are overwritten before they are valid again. */
  forget(): void {}

  cacheBytes = (): number => this.cache.bytes;

  async run(step: Step): Promise<Float32Array> {
    // Rows beyond the valid ones cost no time here, so a long prompt gets its room at once.
    await this.cache.resize(step.expectedLength, step.start);
    const feeds = this.#feeds(step);
    for (const [name, tensor] of this.cache.tensors) feeds[name.replace('present', 'past')] = tensor;
    const outputs = await this.session.run(feeds, { logits: null, ...Object.fromEntries(this.cache.tensors) });
    return outputs['logits']!.data as Float32Array; // the graph declares logits as float32
  }

  async close(): Promise<void> {
    await this.cache.release();
    await this.session.release();
  }

  #feeds({ hidden, count, start, alpha, logitRows }: Step): Record<string, Tensor> {
    const { config, alphas, scalesQueries } = this.options;
    const end = start + count;
    const feeds: Record<string, Tensor> = {
      hidden: this.#tensor(hidden, [1, count, config.hiddenSize]),
      logit_rows: new Tensor('int32', Int32Array.from(logitRows), [logitRows.length]),
      [gpuInputs.lastPosition]: new Tensor('int32', Int32Array.of(end - 1), [1]),
      [gpuInputs.totalLength]: new Tensor('int32', Int32Array.of(end), [1]),
    };
    if (alphas.length > 1)
      feeds[gpuInputs.ntkTable] = new Tensor('int64', BigInt64Array.of(BigInt(alphas.indexOf(alpha))), []);
    if (scalesQueries) feeds[gpuInputs.queryScale] = this.#tensor(this.#queryScales(start, count), [1, count, 3, 1]);
    return feeds;
  }

  /** The scale of each query beside ones for its key and value. */
  #queryScales(start: number, count: number): Float32Array {
    const scales = new Float32Array(3 * count).fill(1);
    for (let i = 0; i < count; i++) scales[3 * i] = queryScale(this.options.config, start + i);
    return scales;
  }

  #tensor(values: Float32Array, dims: readonly number[]): Tensor {
    return this.options.floatType === 'float16'
      ? new Tensor('float16', toFloat16(values), dims)
      : new Tensor('float32', values, dims);
  }
}
