import { z } from 'zod';
import { Device, Precision } from './precision';

/** Why an answer ended: a stop token, the token limit, or the user. */
export const FinishReason = z.enum(['stop', 'length', 'aborted']);
export type FinishReason = z.infer<typeof FinishReason>;

/** How the next token is chosen. Absent fields follow the model's generation_config.json. */
export const SamplingOptions = z
  .strictObject({
    greedy: z.boolean(),
    seed: z.int().min(0).max(0xffff_ffff),
    maxNewTokens: z.int().min(1).max(32_767),
    temperature: z.number().positive().max(10),
    topP: z.number().min(0).max(1),
    /** 0 is off. */
    topK: z.int().min(0),
    repetitionPenalty: z.number().positive().max(10),
  })
  .partial();
export type SamplingOptions = z.infer<typeof SamplingOptions>;

/** What an answer cost and what made it. */
export const GenerationStats = z.object({
  promptTokens: z.int(),
  /** Prompt tokens whose keys and values were still in the cache. */
  reusedTokens: z.int(),
  newTokens: z.int(),
  timeToFirstTokenMs: z.number(),
  tokensPerSecond: z.number(),
  precision: Precision,
  device: Device,
  executionProvider: z.string(),
  seed: z.int(),
});
export type GenerationStats = z.infer<typeof GenerationStats>;

const ChatRole = z.enum(['system', 'user', 'assistant']);
export const ChatTurn = z.object({ role: ChatRole, content: z.string() });
export type ChatTurn = z.infer<typeof ChatTurn>;
