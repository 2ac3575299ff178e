import { z } from 'zod';
import { ConversationId, Message, MessageId } from '../../conversation';
import { WireError } from '../../wireError';
import { call, stream } from '../define';

/** The longest message, in UTF-16 units; a longer one is refused as `message.tooLong`. */
export const longestMessage = 200_000;

/** As it was typed or pasted, indents and all; something must be in it, and no page may fill our memory. */
const MessageText = z
  .string()
  .max(100 * longestMessage)
  .refine((text) => text.trim() !== '');

const one = z.object({ conversationId: ConversationId });

/** Why writing an answer anew came to nothing, so that this one is back. Nothing of that is stored. */
const NotReplaced = z.object({ messageId: MessageId, error: WireError });
export type NotReplaced = z.infer<typeof NotReplaced>;

/** What happens to the messages of one conversation. Offsets make a repeated delta harmless. */
export const ChatEvent = z.discriminatedUnion('kind', [
  /** All messages, oldest first, with the text so far of an answer that is being written. Always the first event. */
  z.object({ kind: z.literal('snapshot'), messages: z.array(Message), notReplaced: NotReplaced.nullable() }),
  /** A message is new, or has changed as a whole (its final state and statistics). */
  z.object({ kind: z.literal('message'), message: Message }),
  /** A message is gone: its answer is being written anew, or gives way to the one it had replaced. */
  z.object({ kind: z.literal('removed'), messageId: MessageId }),
  /** Told after the answer has come back; it holds until the next answer begins. */
  NotReplaced.extend({ kind: z.literal('notReplaced') }),
  /** `text` belongs at `offset` (UTF-16 units) of the message's text. */
  z.object({ kind: z.literal('delta'), messageId: MessageId, offset: z.int(), text: z.string() }),
  /** The prompt is being read: tokens done of total. */
  z.object({ kind: z.literal('prefill'), messageId: MessageId, done: z.int(), total: z.int() }),
]);
export type ChatEvent = z.infer<typeof ChatEvent>;

export const chatRoutes = {
  /** Follows one conversation for as long as the stream is open; closing it never stops an answer. */
  'chat.watch': stream({ input: one, event: ChatEvent }),
  /** Stores the message, starts the answer and returns at once. `null` begins a new conversation. */
  'chat.send': call({
    input: z.object({ conversationId: ConversationId.nullable(), text: MessageText }),
    output: z.object({ conversationId: ConversationId }),
  }),
  /** Writes the last answer anew. Where the new one comes to nothing, the old one comes back by itself. */
  'chat.regenerate': call({ input: one, output: z.object({}) }),
  /** The way back from `chat.regenerate`: the answer it replaced last returns, and the newer one goes out of sight. */
  'chat.restoreAnswer': call({ input: one, output: z.object({}) }),
  /** Ends the running answer and keeps its text; nothing happens if none is running. */
  'chat.stop': call({ input: one, output: z.object({}) }),
};
