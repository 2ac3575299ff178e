import type { ConversationId, Message, MessageId, Provenance } from '../../../shared/conversation';
import { ModelId } from '../../../shared/library';

// A test's own numbers are ids by decree.
export const messageId = (id: number) => id as MessageId;
export const conversationId = (id: number) => id as ConversationId;

export const aProvenance: Provenance = {
  promptTokens: 300,
  reusedTokens: 20,
  newTokens: 214,
  timeToFirstTokenMs: 412,
  tokensPerSecond: 38.2,
  precision: 'nf4',
  device: 'gpu',
  executionProvider: 'WebGPU',
  seed: 7,
  droppedTurns: 0,
  modelName: 'Qwen-7B-Chat',
  modelId: ModelId.parse('qwen-7b-chat'),
  deviceName: 'NVIDIA GeForce RTX 4060',
};

/** A finished answer, but for what `given` says. */
export const aMessage = ({ id, ...given }: { id: number } & Partial<Omit<Message, 'id'>>): Message => ({
  id: messageId(id),
  conversationId: conversationId(1),
  role: 'assistant',
  text: '',
  state: 'done',
  createdAtMs: 0,
  provenance: null,
  error: null,
  ...given,
});
