import { parseQwenConfig, type QwenConfig } from '../checkpoint/qwenConfig';
import type { TinyWeights } from '../checkpoint/tinyCheckpoint.test-support';

/** Qwen's forward pass in plain loops and double precision, in the manner of llama2.c: a second opinion that shares nothing with
 *  the graph but config.json. Source: modeling_qwen.py. */
export class ReferenceQwen {
  readonly #config: QwenConfig;
  readonly #keys: number[][][]; // [layer][position][hidden]
  readonly #values: number[][][];

  constructor(
    config: Record<string, unknown>,
    private readonly weights: TinyWeights,
  ) {
    this.#config = parseQwenConfig(config);
    this.#keys = Array.from({ length: this.#config.layers }, () => []);
    this.#values = Array.from({ length: this.#config.layers }, () => []);
  }

  /** Logits after the last of `ids`, computed as one prefill. */
  prefill(ids: readonly number[]): number[] {
    const alpha = this.#alphaOf(ids.length);
    for (const cache of [...this.#keys, ...this.#values]) cache.length = 0;
    return ids.map((id) => this.step(id, alpha)).at(-1)!;
  }

  /** Logits after one more token, with the alpha of the prefill. */
  step(id: number, alpha: number): number[] {
    const { layers, hiddenSize } = this.#config;
    let x = this.#row('transformer.wte.weight', id);
    for (let layer = 0; layer < layers; layer++) {
      const at = (name: string) => `transformer.h.${layer}.${name}`;
      x = add(x, this.#attention(layer, this.#norm(x, at('ln_1.weight')), alpha));
      const h = this.#norm(x, at('ln_2.weight'));
      const up = this.#multiply(at('mlp.w1.weight'), h);
      const gate = this.#multiply(at('mlp.w2.weight'), h).map((z) => z / (1 + Math.exp(-z)));
      const product = up.map((value, i) => value * gate[i]!);
      x = add(x, this.#multiply(at('mlp.c_proj.weight'), product));
    }
    if (x.length !== hiddenSize) throw new Error('the shapes do not fit');
    return this.#multiply('lm_head.weight', this.#norm(x, 'transformer.ln_f.weight'));
  }

  #alphaOf(length: number): number {
    const { usesDynamicNtk, sequenceLength } = this.#config;
    if (!usesDynamicNtk) return 1;
    return Math.max(2 ** Math.ceil(Math.log2(length / sequenceLength) + 1) - 1, 1);
  }

  #attention(layer: number, x: number[], alpha: number): number[] {
    const { hiddenSize, heads, headSize, usesLogn, sequenceLength } = this.#config;
    const at = (name: string) => `transformer.h.${layer}.attn.${name}`;
    const qkv = add(this.#multiply(at('c_attn.weight'), x), this.#vector(at('c_attn.bias')));
    const [q, k, v] = [0, 1, 2].map((third) => qkv.slice(third * hiddenSize, (third + 1) * hiddenSize));
    const position = this.#keys[layer]!.length;
    const scale = usesLogn && position + 1 > sequenceLength ? Math.log(position + 1) / Math.log(sequenceLength) : 1;
    const query = this.#rotate(q!, position, alpha).map((value) => value * scale);
    this.#keys[layer]!.push(this.#rotate(k!, position, alpha));
    this.#values[layer]!.push(v!);
    const out = new Array<number>(hiddenSize).fill(0);
    for (let head = 0; head < heads; head++) {
      const channels = Array.from({ length: headSize }, (_, i) => head * headSize + i);
      const scores = this.#keys[layer]!.map(
        (key) => channels.reduce((sum, i) => sum + query[i]! * key[i]!, 0) / Math.sqrt(headSize),
      );
      const probabilities = softmax(scores);
      for (const i of channels)
        out[i] = probabilities.reduce((sum, p, key) => sum + p * this.#values[layer]![key]![i]!, 0);
    }
    return this.#multiply(at('c_proj.weight'), out);
  }

  /** Half-rotate RoPE on every head. */
  #rotate(x: number[], position: number, alpha: number): number[] {
    const { headSize, rotaryBase } = this.#config;
    const half = headSize / 2;
    const base = rotaryBase * alpha ** (headSize / (headSize - 2));
    return x.map((value, index) => {
      const i = index % headSize;
      const angle = position * base ** ((-2 * (i % half)) / headSize);
      const partner = i < half ? -x[index + half]! : x[index - half]!;
      return value * Math.cos(angle) + partner * Math.sin(angle);
    });
  }

  #norm(x: number[], name: string): number[] {
    const weight = this.#vector(name);
    const meanSquare = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    return x.map((value, i) => (value / Math.sqrt(meanSquare + this.#config.normEpsilon)) * weight[i]!);
  }

  #vector = (name: string): number[] => [...this.weights.get(name)!.values];

  #row(name: string, row: number): number[] {
    const { shape, values } = this.weights.get(name)!;
    return [...values.subarray(row * shape[1]!, (row + 1) * shape[1]!)];
  }

  /** W · x for W [out, in]. */
  #multiply(name: string, x: readonly number[]): number[] {
    const rows = this.weights.get(name)!.shape[0]!;
    return Array.from({ length: rows }, (_, row) =>
      this.#row(name, row).reduce((sum, value, i) => sum + value * x[i]!, 0),
    );
  }
}

const add = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((a, b) => a + b);
  return exponentials.map((value) => value / sum);
}
