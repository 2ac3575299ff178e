import { useCallback, useEffect, useEffectEvent } from 'react';
import type { ConversationId } from '../../../shared/conversation';
import { call } from '../../ipc';
import { isDialogOpen } from '../../ui/isDialogOpen';
import { useAction } from '../../useAction';

type Options = {
  readonly conversationId: ConversationId | null;
  readonly isAnswering: boolean;
  /** A first message has made a conversation. */
  readonly onStarted: (id: ConversationId) => void;
};

/** Sending, stopping (also with Escape) and writing anew. */
export function useTurn({ conversationId, isAnswering, onStarted }: Options) {
  const { error, isRunning, run, dismiss } = useAction();

  const send = async (text: string): Promise<boolean> => {
    let started: ConversationId | null = null;
    const isSent = await run(async () => {
      started = (await call('chat.send', { conversationId, text })).conversationId;
    });
    if (started !== null && started !== conversationId) onStarted(started);
    return isSent;
  };

  const stop = useCallback(() => {
    if (conversationId !== null) void run(() => call('chat.stop', { conversationId }));
  }, [conversationId, run]);

  const regenerate = useCallback(() => {
    if (conversationId !== null) void run(() => call('chat.regenerate', { conversationId }));
  }, [conversationId, run]);

  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    const isForUs = event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && event.keyCode !== 229;
    if (isAnswering && isForUs && !isDialogOpen()) stop();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onEscape(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return { error, isRunning, send, stop, regenerate, dismiss };
}
