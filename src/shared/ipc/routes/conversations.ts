import { z } from 'zod';
import { Conversation, ConversationId } from '../../conversation';
import { call, stream } from '../define';

const one = z.object({ conversationId: ConversationId });
const nothing = z.object({});

/** What happens to the list of conversations. */
export const ConversationsEvent = z.discriminatedUnion('kind', [
  /** All that are not deleted, newest first. Always the first event, and the only one of its kind. */
  z.object({ kind: z.literal('snapshot'), conversations: z.array(Conversation) }),
  /** One is new, is back, or has changed; where it belongs follows from its time. */
  z.object({ kind: z.literal('changed'), conversation: Conversation }),
  z.object({ kind: z.literal('removed'), conversationId: ConversationId }),
]);
export type ConversationsEvent = z.infer<typeof ConversationsEvent>;

export const conversationRoutes = {
  /** All conversations that are not deleted at once, then each change alone: there may be thousands. */
  'conversations.watch': stream({ input: nothing, event: ConversationsEvent }),
  'conversations.rename': call({
    input: one.extend({ title: z.string().trim().min(1).max(200) }),
    output: Conversation,
  }),
  /** Takes the conversation out of the list. Nothing is erased: `restore` brings it back. */
  'conversations.delete': call({ input: one, output: nothing }),
  'conversations.restore': call({ input: one, output: Conversation }),
};
