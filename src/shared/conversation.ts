import { z } from 'zod';
import { GenerationStats } from './generation';
import { ModelId } from './library';
import { WireError } from './wireError';

export const ConversationId = z.int().positive().brand<'ConversationId'>();
export type ConversationId = z.infer<typeof ConversationId>;
export const MessageId = z.int().positive().brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const Conversation = z.object({
  id: ConversationId,
  /** Empty until the first message names it. */
  title: z.string(),
  createdAtMs: z.int(),
  /** Time of the newest message; the list is sorted by it. */
  updatedAtMs: z.int(),
});
export type Conversation = z.infer<typeof Conversation>;

/** `interrupted`: the app or the inference process ended before the answer did. A user's message is always `done`. */
export const MessageState = z.enum(['streaming', 'done', 'stopped', 'length', 'error', 'interrupted']);
export type MessageState = z.infer<typeof MessageState>;

/** What made an answer, known from its beginning, and what it cost, known at its end. Kept with it for good. */
export const Provenance = GenerationStats.pick({
  precision: true,
  device: true,
  executionProvider: true,
  seed: true,
}).extend({
  modelName: z.string(),
  /** These two are null for answers from before they were kept. */
  modelId: ModelId.nullable(),
  /** As the model's own line has it: the processor or the graphics card; empty where no probe can read it. */
  deviceName: z.string().nullable(),
  /** These five are null, together, until the answer ends by itself or by Stop, and for good if it does not. */
  promptTokens: z.int().nullable(),
  reusedTokens: z.int().nullable(),
  newTokens: z.int().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  /** Earlier messages that did not fit into the prompt; null where that is not known. */
  droppedTurns: z.int().nullable(),
});
export type Provenance = z.infer<typeof Provenance>;

export const Message = z.object({
  id: MessageId,
  conversationId: ConversationId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  state: MessageState,
  createdAtMs: z.int(),
  /** Null until the model begins the answer. */
  provenance: Provenance.nullable(),
  /** Why the answer ended early, for states `error` and `interrupted`. */
  error: WireError.nullable(),
});
export type Message = z.infer<typeof Message>;
