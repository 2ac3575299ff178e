import { useEffect, useRef } from 'react';
import { Button } from './Button';

type Props = {
  readonly text: string;
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
};

/** Asks in place, before something that cannot be taken back. The focus goes to the answer that changes nothing, and back. */
export function Question({ text, yes, no, onYes, onNo }: Props) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const asker = document.activeElement;
    keep.current?.focus();
    return () => {
      if (asker instanceof HTMLElement && asker.isConnected) asker.focus();
    };
  }, []);
  return (
    <div
      className="question"
      role="alertdialog"
      aria-label={text}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault(); // it answers the question, and does not close what is around it
        event.stopPropagation();
        onNo();
      }}
    >
      <p>{text}</p>
      <div className="notice-actions">
        <Button onClick={onYes}>{yes}</Button>
        <Button variant="plain" ref={keep} onClick={onNo}>
          {no}
        </Button>
      </div>
    </div>
  );
}
