import { z } from 'zod';
import { GenerationStats } from './generation';
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

/** What produced an answer, kept with it for good. */
export const Provenance = GenerationStats.extend({ modelName: z.string() });
export type Provenance = z.infer<typeof Provenance>;

export const Message = z.object({
  id: MessageId,
  conversationId: ConversationId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  state: MessageState,
  createdAtMs: z.int(),
  /** Known once an answer has ended by itself or by Stop. */
  provenance: Provenance.nullable(),
  /** Why the answer ended early, for states `error` and `interrupted`. */
  error: WireError.nullable(),
});
export type Message = z.infer<typeof Message>;
