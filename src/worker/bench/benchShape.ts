import { z } from 'zod';
import { parseQwenConfig, type QwenConfig } from '../checkpoint/qwenConfig';

/** Models whose speed can be measured without their weights. */
export const BenchShape = z.enum(['qwen-7b']);
export type BenchShape = z.infer<typeof BenchShape>;

/** Source: config.json of Qwen-7B-Chat v1.1. */
const configs: Readonly<Record<BenchShape, object>> = {
  'qwen-7b': {
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    kv_channels: 128,
    intermediate_size: 22_016,
    vocab_size: 151_936,
    seq_length: 8192,
    max_position_embeddings: 32_768,
    rotary_emb_base: 10_000,
    layer_norm_epsilon: 1e-6,
    use_dynamic_ntk: true,
    use_logn_attn: true,
  },
};

/** The configuration of a shape; fewer `layers` make a quick measurement. */
export function benchConfig(shape: BenchShape, layers?: number): QwenConfig {
  const config = parseQwenConfig(configs[shape]);
  return layers === undefined ? config : { ...config, layers };
}
