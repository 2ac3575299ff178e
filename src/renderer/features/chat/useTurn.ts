import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { ConversationId, Message } from '../../../shared/conversation';
import type { NotReplaced } from '../../../shared/ipc/routes/chat';
import { errorText } from '../../../shared/errorText';
import { call, wireErrorOf } from '../../ipc';
import { isDialogOpen } from '../../ui/isDialogOpen';
import { useToast } from '../../ui/toast';
import { type Action, useAction } from '../../useAction';
import { useTranslate } from '../../useTranslate';

type Options = {
  readonly conversationId: ConversationId | null;
  readonly isAnswering: boolean;
  /** Why the newest answer was not written anew; null where nobody tried, or it was. */
  readonly notReplaced: NotReplaced | null;
  /** A first message has made a conversation. */
  readonly onStarted: (id: ConversationId) => void;
};

/** Sending, stopping (also with Escape) and writing anew. */
export function useTurn({ conversationId, isAnswering, notReplaced, onStarted }: Options) {
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

  const regenerate = useRegenerate({ conversationId, notReplaced, run });

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

type Regenerate = Pick<Options, 'conversationId' | 'notReplaced'> & Pick<Action, 'run'>;

/** Writes an answer anew; where it had words, a toast offers the way back to them, unless they are back by themselves. */
function useRegenerate({ conversationId, notReplaced, run }: Regenerate) {
  const t = useTranslate();
  const showToast = useToast();
  const failure = useRef(notReplaced);
  const takeBack = useRef<() => void>(() => undefined);
  useEffect(() => {
    failure.current = notReplaced;
    if (notReplaced !== null) takeBack.current();
  }, [notReplaced]);
  return useCallback(
    ({ text }: Message): void => {
      if (conversationId === null) return;
      // The user may be in another conversation by then: what goes wrong is said where the question was asked.
      const restore = (): void =>
        void call('chat.restoreAnswer', { conversationId }).catch((error: unknown) => {
          showToast({ text: errorText(t, wireErrorOf(error)) });
        });
      const earlierFailure = failure.current;
      void run(() => call('chat.regenerate', { conversationId })).then((isBegun) => {
        const hasFailed = failure.current !== null && failure.current !== earlierFailure;
        if (!isBegun || hasFailed || text.trim() === '') return;
        takeBack.current = showToast({ text: t('chat.replaced'), action: { label: t('action.undo'), run: restore } });
      });
    },
    [conversationId, run, showToast, t],
  );
}
