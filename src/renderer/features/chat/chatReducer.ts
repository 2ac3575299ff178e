import type { Message, MessageId } from '../../../shared/conversation';
import type { ChatEvent, NotReplaced } from '../../../shared/ipc/routes/chat';

export type Prefill = { readonly messageId: MessageId; readonly done: number; readonly total: number };

export type ChatState = {
  /** False until the first snapshot. */
  readonly isKnown: boolean;
  /** Oldest first. A message that did not change keeps its identity. */
  readonly messages: readonly Message[];
  /** How far the prompt of the running answer has been read; null once it writes. */
  readonly prefill: Prefill | null;
  /** Why the newest answer was not written anew; null where nobody tried, or it was. */
  readonly notReplaced: NotReplaced | null;
};

export const emptyChat: ChatState = { isKnown: false, messages: [], prefill: null, notReplaced: null };

/** Applies what happened, in order. */
export const chatReducer = (state: ChatState, events: readonly ChatEvent[]): ChatState =>
  events.reduce(applyEvent, state);

function applyEvent(state: ChatState, event: ChatEvent): ChatState {
  switch (event.kind) {
    case 'snapshot':
      return { isKnown: true, messages: event.messages, prefill: null, notReplaced: event.notReplaced };
    case 'message': {
      const notReplaced = event.message.state === 'streaming' ? null : state.notReplaced;
      return { ...state, messages: withMessage(state.messages, event.message), prefill: null, notReplaced };
    }
    case 'notReplaced':
      return { ...state, notReplaced: { messageId: event.messageId, error: event.error } };
    case 'removed':
      return { ...state, messages: state.messages.filter(({ id }) => id !== event.messageId) };
    case 'prefill':
      return { ...state, prefill: { messageId: event.messageId, done: event.done, total: event.total } };
    case 'delta':
      return applyDelta(state, event);
    default:
      return event satisfies never;
  }
}

function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const isKnown = messages.some(({ id }) => id === message.id);
  return isKnown ? messages.map((old) => (old.id === message.id ? message : old)) : [...messages, message];
}

/**
 * A delta that is already there changes nothing. One that would leave a hole is left out: the event that ends the
 * message brings the whole text.
 */
function applyDelta(state: ChatState, { messageId, offset, text }: Extract<ChatEvent, { kind: 'delta' }>): ChatState {
  const old = state.messages.find(({ id }) => id === messageId);
  if (old === undefined || offset > old.text.length || offset + text.length <= old.text.length) return state;
  const message = { ...old, text: old.text.slice(0, offset) + text };
  return {
    ...state,
    messages: state.messages.map((other) => (other === old ? message : other)),
    prefill: null,
  };
}
