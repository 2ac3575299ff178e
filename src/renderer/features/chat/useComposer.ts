import { type ChangeEvent, type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useImeGuard } from '../../ui/useImeGuard';
import type { ComposerProps, Readiness } from './composerProps';

/** While the model loads, a message can be sent already: its answer waits for the model. */
export const takesMessages = (readiness: Readiness): boolean => readiness === 'ready' || readiness === 'modelLoading';

type Options = Pick<ComposerProps, 'readiness' | 'initialText' | 'takesFocus' | 'onDraft' | 'onSend'>;

/** The text being written and what the keys do to it. */
export function useComposer({ readiness, initialText, takesFocus, onDraft, onSend }: Options) {
  const ime = useImeGuard();
  const ref = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(initialText);
  const [isSending, setIsSending] = useState(false);
  const canSend = takesMessages(readiness) && !isSending && text.trim() !== '';

  const onOpened = useEffectEvent(() => {
    if (!takesFocus) return;
    ref.current?.focus();
    ref.current?.setSelectionRange(text.length, text.length);
  });
  useEffect(() => onOpened(), []);

  const change = (next: string): void => {
    setText(next);
    onDraft(next);
  };

  const send = async (): Promise<void> => {
    if (!canSend) return;
    setIsSending(true);
    const isTaken = await onSend(text);
    setIsSending(false);
    if (isTaken) change('');
    ref.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (ime.owns(event)) {
      event.stopPropagation();
      // A key the browser itself calls composing is the input method's alone; a late Enter must not break the line.
      if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.preventDefault();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void send();
  };

  return {
    canSend,
    send: () => void send(),
    inputProps: {
      ref,
      value: text,
      readOnly: isSending,
      onChange: (event: ChangeEvent<HTMLTextAreaElement>) => change(event.target.value),
      onKeyDown,
      ...ime.inputProps,
    },
  };
}
