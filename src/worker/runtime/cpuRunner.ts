import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { cpuInputs } from '../graph/cpuAttention';
import { queryScale, rotaryTables } from '../graph/rotary';
import { CpuCache } from './cpuCache';
import type { QwenRunner, Step } from './qwenRunner';

/** Added to a score, it leaves no probability; small enough that a real score cannot undo it. */
const masked = -1e9;

/** Runs the graph of cpuAttention.ts: the cache is ours, and only new rows come out of a run. */
export class CpuRunner implements QwenRunner {
  readonly #cache: CpuCache;

  constructor(
    private readonly session: InferenceSession,
    private readonly config: QwenConfig,
    contextLength: number,
  ) {
    this.#cache = new CpuCache(config, contextLength);
  }

  forget(): void {
    this.#cache.clear();
  }

  cacheBytes = (): number => this.#cache.bytes;

  async run(step: Step): Promise<Float32Array> {
    // Rows beyond the valid ones are computed and masked, so a long prompt gets its room chunk by chunk.
    this.#cache.resize(step.start + step.count, step.start);
    const outputs = await this.session.run(this.#feeds(step));
    for (let layer = 0; layer < this.config.layers; layer++) {
      this.#cache.write(this.#cache.keys(layer), floats(outputs[`new_k${layer}`]!), step);
      this.#cache.write(this.#cache.values(layer), floats(outputs[`new_v${layer}`]!), step);
    }
    return floats(outputs['logits']!);
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  #feeds({ hidden, count, start, alpha, logitRows }: Step): Record<string, Tensor> {
    const { hiddenSize, headSize, heads, layers } = this.config;
    const { cos, sin } = rotaryTables(this.config, alpha, { start, count });
    const table = (values: Float32Array) => new Tensor('float32', values, [count, headSize / 2]);
    const scaled = (values: Float32Array) => table(this.#queryTable(values, start));
    const rows = this.#cache.rows;
    const feeds: Record<string, Tensor> = {
      hidden: new Tensor('float32', hidden, [1, count, hiddenSize]),
      logit_rows: new Tensor('int32', Int32Array.from(logitRows), [logitRows.length]),
      [cpuInputs.cos]: table(cos),
      [cpuInputs.sin]: table(sin),
      [cpuInputs.queryCos]: scaled(cos),
      [cpuInputs.querySin]: scaled(sin),
      [cpuInputs.pastMask]: new Tensor('float32', pastMask(rows, start), [1, 1, 1, rows]),
      [cpuInputs.newMask]: new Tensor('float32', causalMask(count), [1, 1, count, count]),
    };
    for (let layer = 0; layer < layers; layer++) {
      feeds[`past_k${layer}`] = new Tensor('float32', this.#cache.keys(layer), [1, heads, rows, headSize]);
      feeds[`past_v${layer}`] = new Tensor('float32', this.#cache.values(layer), [1, heads, rows, headSize]);
    }
    return feeds;
  }

  /** A rotation table that also scales: scores are divided by √d, and log-n grows with the position. */
  #queryTable(table: Float32Array, start: number): Float32Array {
    const { headSize } = this.config;
    const half = headSize / 2;
    return table.map(
      (value, i) => (value * queryScale(this.config, start + Math.floor(i / half))) / Math.sqrt(headSize),
    );
  }
}

function pastMask(rows: number, validRows: number): Float32Array {
  return new Float32Array(rows).fill(masked, validRows);
}

/** A new token sees itself and the new tokens before it. */
function causalMask(count: number): Float32Array {
  const mask = new Float32Array(count * count);
  for (let row = 0; row < count; row++) mask.fill(masked, row * count + row + 1, (row + 1) * count);
  return mask;
}

/** The graph declares these outputs as float32. */
const floats = (tensor: Tensor): Float32Array => tensor.data as Float32Array;
