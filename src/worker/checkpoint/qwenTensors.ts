import type { QwenConfig } from './qwenConfig';

/** A tensor that every checkpoint must have. `linear` weights are [out, in] and are the ones that get quantized. */
export type ExpectedTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: 'embedding' | 'norm' | 'linear' | 'bias' | 'head';
};

export const embeddingTensor = 'transformer.wte.weight';

/** All tensors of a QWenLMHeadModel in the order of the forward pass. Source: qwen's modeling_qwen.py. */
export function expectedTensors(config: QwenConfig): ExpectedTensor[] {
  const { layers, hiddenSize, vocabularySize } = config;
  return [
    { name: embeddingTensor, shape: [vocabularySize, hiddenSize], kind: 'embedding' },
    ...Array.from({ length: layers }, (_, layer) => layerTensors(config, layer)).flat(),
    { name: 'transformer.ln_f.weight', shape: [hiddenSize], kind: 'norm' },
    { name: 'lm_head.weight', shape: [vocabularySize, hiddenSize], kind: 'head' },
  ];
}

function layerTensors({ hiddenSize: h, feedForwardSize: f }: QwenConfig, layer: number): ExpectedTensor[] {
  const name = (suffix: string) => `transformer.h.${layer}.${suffix}`;
  return [
    { name: name('ln_1.weight'), shape: [h], kind: 'norm' },
    { name: name('attn.c_attn.weight'), shape: [3 * h, h], kind: 'linear' },
    { name: name('attn.c_attn.bias'), shape: [3 * h], kind: 'bias' },
    { name: name('attn.c_proj.weight'), shape: [h, h], kind: 'linear' },
    { name: name('ln_2.weight'), shape: [h], kind: 'norm' },
    { name: name('mlp.w1.weight'), shape: [f, h], kind: 'linear' },
    { name: name('mlp.w2.weight'), shape: [f, h], kind: 'linear' },
    { name: name('mlp.c_proj.weight'), shape: [h, f], kind: 'linear' },
  ];
}
