import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { FloatType } from '../checkpoint/floatType';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { cpuInputs } from '../graph/cpuAttention';
import { queryScale, rotaryTables } from '../graph/rotary';
import { CpuCache, type CacheNumbers } from './cpuCache';
import { fitsFloat16 } from './fitsFloat16';
import { headGroups } from './headGroups';
import type { QwenRunner, Step } from './qwenRunner';

/** Added to a score, it leaves no probability; small enough that a real score cannot undo it. */
const masked = -1e9;

export type CpuRunnerOptions = {
  config: QwenConfig;
  /** Of the graph's keys and values. */
  cacheType: FloatType;
  contextLength: number;
};

/** Runs the graph of cpuAttention.ts: the cache is ours, and only new rows come out of a run. */
export class CpuRunner implements QwenRunner {
  readonly #cache: CpuCache;

  constructor(
    private readonly session: InferenceSession,
    private readonly options: CpuRunnerOptions,
  ) {
    const { config, cacheType, contextLength } = options;
    this.#cache = new CpuCache(config, { type: cacheType, contextLength });
  }

  forget(): void {
    this.#cache.clear();
  }

  cacheBytes = (): number => this.#cache.bytes;

  async run(step: Step): Promise<Float32Array> {
    // Rows beyond the valid ones are computed and masked, so a long prompt gets its room chunk by chunk.
    this.#cache.resize(step.start + step.count, step.start);
    const outputs = await this.session.run(this.#feeds(step));
    let fits = true;
    for (let layer = 0; layer < this.options.config.layers; layer++) {
      const [keys, values] = [numbersOf(outputs[`new_k${layer}`]!), numbersOf(outputs[`new_v${layer}`]!)];
      this.#cache.write(this.#cache.keys(layer), keys, step);
      this.#cache.write(this.#cache.values(layer), values, step);
      fits &&= [keys, values].every((numbers) => numbers instanceof Float32Array || fitsFloat16(numbers));
    }
    const logits = outputs['logits']!.data as Float32Array; // the graph declares logits as float32
    return fits ? logits : logits.fill(NaN); // as an overflow on a GPU has it
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  #feeds({ hidden, count, start, alpha, logitRows }: Step): Record<string, Tensor> {
    const { config, cacheType } = this.options;
    const { hiddenSize, headSize, heads, layers } = config;
    const { cos, sin } = rotaryTables(config, alpha, { start, count });
    const table = (values: Float32Array) => new Tensor('float32', values, [count, headSize / 2]);
    const scaled = (values: Float32Array) => table(this.#queryTable(values, start));
    const { rows } = this.#cache;
    const groups = headGroups(heads, rows);
    const cached = (values: CacheNumbers) => new Tensor(cacheType, values, [groups, heads / groups, rows, headSize]);
    const feeds: Record<string, Tensor> = {
      hidden: new Tensor('float32', hidden, [1, count, hiddenSize]),
      logit_rows: new Tensor('int32', Int32Array.from(logitRows), [logitRows.length]),
      [cpuInputs.cos]: table(cos),
      [cpuInputs.sin]: table(sin),
      [cpuInputs.queryCos]: scaled(cos),
      [cpuInputs.querySin]: scaled(sin),
      [cpuInputs.mask]: new Tensor('float32', causalMask({ start, rows, count }), [1, 1, count, rows + count]),
      [cpuInputs.scoreSplit]: sizes([rows, count]),
      [cpuInputs.groups]: sizes([count, 3 * groups, heads / groups, headSize]),
    };
    for (let layer = 0; layer < layers; layer++) {
      feeds[`past_k${layer}`] = cached(this.#cache.keys(layer));
      feeds[`past_v${layer}`] = cached(this.#cache.values(layer));
    }
    return feeds;
  }

  /** A rotation table that also scales: scores are divided by √d, and log-n grows with the position. */
  #queryTable(table: Float32Array, start: number): Float32Array {
    const { config } = this.options;
    const half = config.headSize / 2;
    return table.map(
      (value, i) => (value * queryScale(config, start + Math.floor(i / half))) / Math.sqrt(config.headSize),
    );
  }
}

/** New rows as the cache stores them. Newer versions of JavaScript give float16 as numbers, in a Float16Array; the bits are wanted. */
function numbersOf({ data }: Tensor): CacheNumbers {
  if (data instanceof Float32Array) return data;
  const { buffer, byteOffset, length } = data as Uint16Array; // or such a Float16Array: the graph declares no other type
  return new Uint16Array(buffer, byteOffset, length);
}

/** [count, rows + count]: a new token sees the first `start` of the cached rows, itself and the new tokens before it. */
function causalMask({ start, rows, count }: { start: number; rows: number; count: number }): Float32Array {
  const width = rows + count;
  const mask = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    mask.fill(masked, row * width + start, row * width + rows);
    mask.fill(masked, row * width + rows + row + 1, (row + 1) * width);
  }
  return mask;
}

const sizes = (values: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);
