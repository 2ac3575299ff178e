import { z } from 'zod';
import { Conversation, ConversationId } from '../../conversation';
import { call, stream } from '../define';

const one = z.object({ conversationId: ConversationId });
const nothing = z.object({});

export const conversationRoutes = {
  /** All conversations that are not deleted, newest first; at once, and again after each change. */
  'conversations.watch': stream({ input: nothing, event: z.array(Conversation) }),
  'conversations.rename': call({
    input: one.extend({ title: z.string().trim().min(1).max(200) }),
    output: Conversation,
  }),
  /** Takes the conversation out of the list. Nothing is erased: `restore` brings it back. */
  'conversations.delete': call({ input: one, output: nothing }),
  'conversations.restore': call({ input: one, output: Conversation }),
};
