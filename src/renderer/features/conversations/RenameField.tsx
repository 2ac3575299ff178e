import { type KeyboardEvent, useRef, useState } from 'react';
import { useImeGuard } from '../../ui/useImeGuard';
import { useTranslate } from '../../useTranslate';

type Props = {
  readonly title: string;
  /** The new title, or null to leave it as it is. Called once. */
  readonly onDone: (title: string | null) => void;
};

export function RenameField({ title, onDone }: Props) {
  const t = useTranslate();
  const ime = useImeGuard();
  const [text, setText] = useState(title);
  const isDone = useRef(false);
  const finish = (newTitle: string | null): void => {
    if (isDone.current) return; // removing a focused input blurs it once more
    isDone.current = true;
    onDone(newTitle);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation(); // arrows and Delete are for the text here, not for the list
    if (ime.owns(event)) return;
    if (event.key === 'Enter') finish(text);
    if (event.key === 'Escape') finish(null);
  };
  return (
    <input
      className="rename-field"
      aria-label={t('conversations.renameField')}
      value={text}
      maxLength={200}
      spellCheck={false}
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(text)}
      {...ime.inputProps}
    />
  );
}
