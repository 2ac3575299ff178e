import type { QwenConfig } from '../checkpoint/qwenConfig';

/** Beyond it the reference's log-n table ends. Source: modeling_qwen.py. */
export const maxContextLength = 32_767;

/** Dynamic NTK's alpha for a prefill of `length` tokens; it stays for all tokens decoded after it.
 *  Source: get_ntk_alpha in modeling_qwen.py. */
export function ntkAlpha({ usesDynamicNtk, sequenceLength }: QwenConfig, length: number): number {
  if (!usesDynamicNtk || length <= sequenceLength) return 1;
  return 2 ** Math.ceil(Math.log2(length / sequenceLength) + 1) - 1;
}

/** Every alpha that a prefill of up to `contextLength` tokens can have, ascending. */
export function ntkAlphas(config: QwenConfig, contextLength: number): number[] {
  const alphas = [1];
  for (let length = config.sequenceLength + 1; length <= contextLength; length = 2 * (length - 1) + 1) {
    const alpha = ntkAlpha(config, length);
    if (alpha !== alphas.at(-1)) alphas.push(alpha);
  }
  return alphas;
}

/** cos and sin of the rotation angles, each float32 [count, headSize / 2], for positions start … start + count - 1.
 *  angle(p, i) = p · base'^(-2i/d), base' = base · alpha^(d/(d-2)). Source: RotaryEmbedding in modeling_qwen.py. */
export function rotaryTables(
  { rotaryBase, headSize }: QwenConfig,
  alpha: number,
  { start, count }: { start: number; count: number },
): { cos: Float32Array; sin: Float32Array } {
  const half = headSize / 2;
  const base = rotaryBase * alpha ** (headSize / (headSize - 2));
  const cos = new Float32Array(count * half);
  const sin = new Float32Array(count * half);
  for (let i = 0; i < half; i++) {
    const frequency = base ** ((-2 * i) / headSize);
    for (let row = 0; row < count; row++) {
      const angle = (start + row) * frequency;
      cos[row * half + i] = Math.cos(angle);
      sin[row * half + i] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** Log-n attention: the factor of the query at 0-based `position`; 1 up to the training length. */
export function queryScale({ usesLogn, sequenceLength }: QwenConfig, position: number): number {
  return usesLogn && position >= sequenceLength ? Math.log(position + 1) / Math.log(sequenceLength) : 1;
}
