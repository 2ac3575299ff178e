import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { codeOf, readRegularFile } from './regularFile';

const size = z.int().positive();
/** Far more than any model has; a damaged number must not make a list of billions of tensors. */
const mostLayers = 1024;

/** The numbers that define a QWenLMHeadModel. */
export const QwenConfig = z
  .object({
    layers: size.max(mostLayers),
    hiddenSize: size,
    heads: size,
    headSize: size,
    /** Rows of w1 and of w2: half of the checkpoint's `intermediate_size`, which counts both. */
    feedForwardSize: size,
    /** Rows of wte and lm_head; more than the tokenizer has ids. */
    vocabularySize: size,
    /** Training length: drives dynamic NTK and log-n. Not the longest context. */
    sequenceLength: size,
    /** The longest context that the checkpoint's authors vouch for. */
    maxPositions: size,
    rotaryBase: z.number(),
    normEpsilon: z.number(),
    usesDynamicNtk: z.boolean(),
    usesLogn: z.boolean(),
  })
  .readonly();
export type QwenConfig = z.infer<typeof QwenConfig>;

/** Either key style; values whose meaning we do not implement are refused by `unsupportedValue`. */
const ConfigFile = z.object({
  num_hidden_layers: size.max(mostLayers),
  hidden_size: size,
  num_attention_heads: size,
  kv_channels: size.default(128),
  intermediate_size: size.refine((width) => width % 2 === 0, 'must be even'),
  vocab_size: size,
  seq_length: size.min(2),
  max_position_embeddings: size.optional(),
  rotary_emb_base: z.number().min(1).default(10_000),
  layer_norm_epsilon: z.number().positive().max(1).default(1e-6),
  use_dynamic_ntk: z.boolean().default(true),
  use_logn_attn: z.boolean().default(true),
});

/** v1.0 name → v1.1 name. */
const olderKeys = {
  n_layer: 'num_hidden_layers',
  n_embd: 'hidden_size',
  n_head: 'num_attention_heads',
  ffn_hidden_size: 'intermediate_size',
  padded_vocab_size: 'vocab_size',
  n_positions: 'max_position_embeddings',
} as const;

/** Keys that change the arithmetic, with the only value that we compute; absent means that value. */
const requiredValues: Readonly<Record<string, unknown>> = {
  model_type: 'qwen',
  activation: 'swiglu',
  pos_emb: 'rotary',
  rope_scaling: null,
  sliding_window: null,
  use_sliding_window: false,
  rotary_pct: 1,
  no_bias: true,
  tie_word_embeddings: false,
  scale_attn_weights: true,
  apply_residual_connection_post_layernorm: false,
  // GPTQ and AWQ checkpoints hold packed integers instead of the weights.
  quantization_config: null,
};

/** The model's numbers, in a checkpoint folder. */
export const configFile = 'config.json';

/** Reads `config.json` of a checkpoint folder. Throws `model.notFound` where there is none, `checkpoint.unreadable`, and what
 *  `parseQwenConfig` does. */
export async function readQwenConfig(folder: string): Promise<QwenConfig> {
  const bytes = await readRegularFile(path.join(folder, configFile)).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('model.notFound', { path: folder }, { cause: error });
    throw new AppError('checkpoint.unreadable', { file: configFile, reason: code }, { cause: error });
  });
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new AppError('checkpoint.invalidConfig', { reason: 'it is not JSON' }, { cause: error });
  }
  return parseQwenConfig(json);
}

/** Checks the content of a config.json. Throws `checkpoint.unsupported` or `checkpoint.invalidConfig` with the reason. */
export function parseQwenConfig(json: unknown): QwenConfig {
  const object = z.record(z.string(), z.unknown()).safeParse(json);
  if (!object.success) throw new AppError('checkpoint.invalidConfig', { reason: 'it is not a JSON object' });
  refuseUnsupported(object.data);
  const parsed = ConfigFile.safeParse(withNewerKeys(object.data));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AppError('checkpoint.invalidConfig', { reason: `${issue.path.join('.')}: ${issue.message}` });
  }
  const config = parsed.data;
  const { num_attention_heads: heads, kv_channels: headSize, hidden_size: hiddenSize } = config;
  // Rotary embedding turns pairs of numbers, and dynamic NTK divides by the size without one pair.
  if (headSize % 2 !== 0 || headSize <= 2)
    throw new AppError('checkpoint.unsupported', { key: 'kv_channels', value: headSize });
  if (heads * headSize !== hiddenSize) {
    const reason = `num_attention_heads (${heads}) times kv_channels (${headSize}) is not hidden_size (${hiddenSize})`;
    throw new AppError('checkpoint.invalidConfig', { reason });
  }
  return {
    layers: config.num_hidden_layers,
    ...{ hiddenSize, heads, headSize },
    feedForwardSize: config.intermediate_size / 2,
    vocabularySize: config.vocab_size,
    sequenceLength: config.seq_length,
    maxPositions: Math.max(config.seq_length, config.max_position_embeddings ?? 0),
    rotaryBase: config.rotary_emb_base,
    normEpsilon: config.layer_norm_epsilon,
    usesDynamicNtk: config.use_dynamic_ntk,
    usesLogn: config.use_logn_attn,
  };
}

function refuseUnsupported(config: Readonly<Record<string, unknown>>): void {
  const refuse = (key: string): never => {
    throw new AppError('checkpoint.unsupported', { key, value: shortJson(config[key]) });
  };
  const architectures = config['architectures'];
  if (architectures !== undefined && !(Array.isArray(architectures) && architectures.includes('QWenLMHeadModel')))
    refuse('architectures');
  for (const [key, value] of Object.entries(requiredValues))
    if (config[key] !== undefined && config[key] !== value) refuse(key);
}

/** As much of a value as a sentence has room for. */
function shortJson(value: unknown): string {
  try {
    const json = JSON.stringify(value);
    return json.length > 200 ? `${json.slice(0, 200)}…` : json;
  } catch {
    return 'lists within lists'; // more of them than there is room for on the stack
  }
}

/** v1.0's own `vocab_size` was the tokenizer's; its `padded_vocab_size` is the one that counts rows. */
function withNewerKeys(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const renamed = { ...config };
  for (const [older, newer] of Object.entries(olderKeys))
    if (config[older] !== undefined && (config[newer] === undefined || older === 'padded_vocab_size'))
      renamed[newer] = config[older];
  return renamed;
}
