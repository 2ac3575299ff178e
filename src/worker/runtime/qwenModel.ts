import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../shared/appError';
import type { Device } from '../../shared/precision';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { cpuCacheType } from '../graph/cpuAttention';
import { buildQwenGraph } from '../graph/qwenGraph';
import { ntkAlpha, ntkAlphas } from '../graph/rotary';
import type { FloatType } from '../checkpoint/floatType';
import type { WeightSource } from '../graph/weightSource';
import { CpuRunner } from './cpuRunner';
import { EmbeddingTable } from './embeddingTable';
import { longestRightChunk } from './gpuPrefillCheck';
import { GpuRunner } from './gpuRunner';
import type { QwenRunner, Step } from './qwenRunner';
import { errorText, openSession, requireGpu } from './session';

/** Tokens of one prefill run on the CPU: a Stop is noticed between runs, so they must not be long. */
const cpuChunkLength = 64;

export type QwenModelOptions = {
  config: QwenConfig;
  weights: WeightSource;
  device: Device;
  floatType: FloatType;
  contextLength: number;
  /** The ONNX model, where it was prepared for such a context. */
  graph?: Uint8Array;
  /** Throws what is wrong with the weights, where nobody has looked at them yet. */
  requireSound?: () => Promise<void>;
  /** Tokens of one prefill run; by default what suits the CPU, or what this GPU computes rightly. */
  chunkLength?: number;
};

type PrefillOptions = {
  signal?: AbortSignal;
  /** Told after each chunk; `done` starts with the tokens found in the cache. */
  onProgress?: (done: number, total: number) => void;
};

export type Prefilled = {
  /** float32 [vocabularySize], of the last token. */ logits: Float32Array;
  reusedTokens: number;
};

/** A checkpoint opened on a device, with the cache of the sequence it has seen last. One call at a time. */
export class QwenModel {
  /** The tokens whose keys and values are in the cache, computed with `#alpha`. */
  #cached: number[] = [];
  #alpha = 1;
  #areWeightsSound = false;

  private constructor(
    private readonly options: QwenModelOptions & { chunkLength: number },
    private readonly embedding: EmbeddingTable,
    private readonly runner: QwenRunner,
  ) {}

  static async open(options: QwenModelOptions): Promise<QwenModel> {
    const { config, weights, device, floatType } = options;
    if (device === 'gpu') await requireGpu();
    const { headSize } = config;
    const chunkLength =
      options.chunkLength ?? (device === 'cpu' ? cpuChunkLength : await longestRightChunk({ headSize, floatType }));
    const embedding = new EmbeddingTable(weights.embedding);
    try {
      const runner = await openRunner(options);
      return new QwenModel({ ...options, chunkLength }, embedding, runner);
    } catch (error) {
      embedding.close();
      throw error;
    }
  }

  get config(): QwenConfig {
    return this.options.config;
  }

  get contextLength(): number {
    return this.options.contextLength;
  }

  /** Computes `ids` as far as they are not in the cache already. Null when `signal` was aborted before the end.
   *  Dynamic NTK follows the whole prompt's length, as when it is computed at once. */
  async prefill(ids: readonly number[], { signal, onProgress }: PrefillOptions = {}): Promise<Prefilled | null> {
    this.#requireFit(ids);
    const alpha = ntkAlpha(this.config, ids.length);
    const reusedTokens = alpha === this.#alpha ? commonPrefix(this.#cached, ids.slice(0, -1)) : 0;
    this.#cached.length = reusedTokens;
    this.#alpha = alpha;
    for (;;) {
      const done = this.#cached.length;
      onProgress?.(done, ids.length);
      if (signal?.aborted) return null;
      const chunk = ids.slice(done, done + this.options.chunkLength);
      const logits = await this.#run(chunk, { logitRows: [chunk.length - 1], expectedLength: ids.length });
      if (this.#cached.length === ids.length) {
        onProgress?.(ids.length, ids.length);
        return { logits, reusedTokens };
      }
    }
  }

  /** Logits after one more token, float32 [vocabularySize]. */
  async decode(id: number): Promise<Float32Array> {
    if (this.#cached.length >= this.contextLength)
      throw new AppError('prompt.tooLong', { tokens: this.#cached.length + 1, limit: this.contextLength });
    return this.#run([id], { logitRows: [0], expectedLength: this.#cached.length + 1 });
  }

  /** Calls `visit` with the logits after every token of `ids`, which are computed anew, in order. */
  async visitLogits(ids: readonly number[], visit: (position: number, logits: Float32Array) => void): Promise<void> {
    this.#requireFit(ids);
    this.#cached = [];
    this.#alpha = ntkAlpha(this.config, ids.length);
    const { vocabularySize } = this.config;
    while (this.#cached.length < ids.length) {
      const start = this.#cached.length;
      const chunk = ids.slice(start, start + this.options.chunkLength);
      const logits = await this.#run(chunk, { logitRows: [...chunk.keys()], expectedLength: ids.length });
      for (const row of chunk.keys())
        visit(start + row, logits.subarray(row * vocabularySize, (row + 1) * vocabularySize));
    }
  }

  get cacheBytes(): number {
    return this.runner.cacheBytes();
  }

  async close(): Promise<void> {
    this.embedding.close();
    await this.runner.close();
  }

  #requireFit(ids: readonly number[]): void {
    if (ids.length === 0 || ids.length > this.contextLength)
      throw new AppError('prompt.tooLong', { tokens: ids.length, limit: this.contextLength });
    const last = this.config.vocabularySize - 1;
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id > last);
    if (wrong !== undefined) throw new AppError('tokenizer.invalidTokenId', { id: wrong, last });
  }

  async #run(ids: readonly number[], wanted: Pick<Step, 'logitRows' | 'expectedLength'>): Promise<Float32Array> {
    // A run blocks the event loop, so a Stop that came meanwhile gets in between two of them.
    await setImmediate();
    const start = this.#cached.length;
    const hidden = this.embedding.lookUp(ids);
    const logits = await this.#runner({ hidden, count: ids.length, start, alpha: this.#alpha, ...wanted });
    if (!areFinite(logits)) await this.#refuse();
    this.#cached.push(...ids);
    return logits;
  }

  /** Names the weight that is no number, if it was one, and otherwise says that activations overflowed. */
  async #refuse(): Promise<never> {
    this.#cached = [];
    this.runner.forget();
    if (!this.#areWeightsSound) await this.options.requireSound?.();
    this.#areWeightsSound = true;
    throw new AppError('generation.notFinite');
  }

  async #runner(step: Step): Promise<Float32Array> {
    try {
      return await this.runner.run(step);
    } catch (error) {
      throw new AppError('session.failed', { details: errorText(error) }, { cause: error });
    }
  }
}

async function openRunner(options: QwenModelOptions): Promise<QwenRunner> {
  const { config, weights, device, floatType, contextLength } = options;
  const alphas = ntkAlphas(config, contextLength);
  const scalesQueries = config.usesLogn && contextLength > config.sequenceLength;
  const model =
    options.graph ?? buildQwenGraph({ config, device, floatType, weights, contextLength, alphas, scalesQueries });
  const session = await openSession(model, { device, weightsFolder: weights.folder });
  return device === 'cpu'
    ? new CpuRunner(session, { config, cacheType: cpuCacheType(weights), contextLength })
    : GpuRunner.create(session, { config, floatType, scalesQueries, alphas });
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Times zero, a number is zero, and what is none is NaN. Without branches, four at a time: it runs over 151,936 logits for each token. */
function areFinite(values: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < values.length; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}
