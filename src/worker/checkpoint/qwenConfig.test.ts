import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { parseQwenConfig, readQwenConfig } from './qwenConfig';

/** config.json of Qwen-7B-Chat v1.1. */
const newer = {
  architectures: ['QWenLMHeadModel'],
  model_type: 'qwen',
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  kv_channels: 128,
  intermediate_size: 22016,
  vocab_size: 151936,
  seq_length: 8192,
  max_position_embeddings: 32768,
  rotary_emb_base: 10000,
  rotary_pct: 1,
  layer_norm_epsilon: 1e-6,
  no_bias: true,
  scale_attn_weights: true,
  tie_word_embeddings: false,
  use_dynamic_ntk: true,
  use_logn_attn: true,
};

const expected = {
  layers: 32,
  hiddenSize: 4096,
  heads: 32,
  headSize: 128,
  feedForwardSize: 11008,
  vocabularySize: 151936,
  sequenceLength: 8192,
  maxPositions: 32768,
  rotaryBase: 10000,
  normEpsilon: 1e-6,
  usesDynamicNtk: true,
  usesLogn: true,
};

const codeOf = (json: unknown) => {
  try {
    parseQwenConfig(json);
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${Object.values(error.params).join(' ')}` : error;
  }
};

test('the keys of Qwen-7B-Chat v1.1; a layer’s MLP is half of intermediate_size wide', () => {
  expect(parseQwenConfig(newer)).toEqual(expected);
});

test('the keys of v1.0 mean the same; its vocab_size is the tokenizer’s, so padded_vocab_size counts the rows', () => {
  const older = {
    n_embd: 4096,
    n_layer: 32,
    n_head: 32,
    kv_channels: 128,
    ffn_hidden_size: 22016,
    padded_vocab_size: 151936,
    vocab_size: 151851,
    n_positions: 8192,
    seq_length: 2048,
    layer_norm_epsilon: 1e-6,
    no_bias: true,
  };
  expect(parseQwenConfig(older)).toEqual({ ...expected, sequenceLength: 2048, maxPositions: 8192 });
});

describe('what would be computed wrongly is refused with its name', () => {
  test.each([
    [{ architectures: ['LlamaForCausalLM'] }, 'checkpoint.unsupported architectures ["LlamaForCausalLM"]'],
    [{ model_type: 'qwen2' }, 'checkpoint.unsupported model_type "qwen2"'],
    [{ rotary_pct: 0.5 }, 'checkpoint.unsupported rotary_pct 0.5'],
    [{ no_bias: false }, 'checkpoint.unsupported no_bias false'],
    [{ tie_word_embeddings: true }, 'checkpoint.unsupported tie_word_embeddings true'],
    [{ scale_attn_weights: false }, 'checkpoint.unsupported scale_attn_weights false'],
    [{ activation: 'gelu' }, 'checkpoint.unsupported activation "gelu"'],
    [{ pos_emb: 'alibi' }, 'checkpoint.unsupported pos_emb "alibi"'],
    [{ rope_scaling: { type: 'linear' } }, 'checkpoint.unsupported rope_scaling {"type":"linear"}'],
    [{ sliding_window: 4096 }, 'checkpoint.unsupported sliding_window 4096'],
    [{ num_attention_heads: 4096, kv_channels: 1 }, 'checkpoint.unsupported kv_channels 1'],
    [{ num_attention_heads: 2048, kv_channels: 2 }, 'checkpoint.unsupported kv_channels 2'],
    [
      { quantization_config: { quant_method: 'gptq' } },
      'checkpoint.unsupported quantization_config {"quant_method":"gptq"}',
    ],
  ])('%j', (change, message) => {
    expect(codeOf({ ...newer, ...change })).toBe(message);
  });
});

test.each([
  [null],
  [[]],
  ['{}'],
  [{}],
  [{ ...newer, seq_length: undefined }],
  [{ ...newer, hidden_size: '4096' }],
  [{ ...newer, num_hidden_layers: 0 }],
  [{ ...newer, num_hidden_layers: 2 ** 52 }],
  [{ ...newer, seq_length: 1 }],
  [{ ...newer, rotary_emb_base: 1e-300 }],
  [{ ...newer, layer_norm_epsilon: 1e300 }],
  [{ ...newer, intermediate_size: 22017 }],
  [{ ...newer, kv_channels: 64 }],
])('%j is no configuration', (json) => {
  expect(codeOf(json)).toMatch(/^checkpoint\.invalidConfig /);
});

test('a value that is refused is shown as far as a sentence has room for it', () => {
  expect(String(codeOf({ ...newer, rope_scaling: 'x'.repeat(1000) })).length).toBeLessThan(300);
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown;
  expect(codeOf({ ...newer, rope_scaling: deep })).toMatch(/^checkpoint\.unsupported rope_scaling /);
});

test('a folder without config.json holds no model', async () => {
  await expect(readQwenConfig(import.meta.dirname)).rejects.toMatchObject({ code: 'model.notFound' });
});
