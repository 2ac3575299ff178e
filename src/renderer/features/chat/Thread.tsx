import { type ReactNode, useEffect, useEffectEvent } from 'react';
import { Icon } from '../../ui/Icon';
import { useTranslate } from '../../useTranslate';
import { useScrollFollow } from './useScrollFollow';

type Props = {
  /** An empty page is read from its top. */
  readonly isEmpty: boolean;
  /** Goes up with each message sent: whoever sends wants to see the answer. */
  readonly sentCount: number;
  readonly children: ReactNode;
};

/** The scrolled page of messages. It stays at its end while an answer grows, until the user moves up. */
export function Thread({ isEmpty, sentCount, children }: Props) {
  const t = useTranslate();
  const { viewRef, contentRef, isFollowing, jumpToEnd } = useScrollFollow(!isEmpty);
  const onSent = useEffectEvent(jumpToEnd);
  useEffect(() => {
    if (sentCount > 0) onSent();
  }, [sentCount]);
  return (
    <div className="thread-frame">
      <div className="thread" ref={viewRef} role="log" aria-live="off" aria-label={t('chat.thread')} tabIndex={0}>
        <div className="column" ref={contentRef}>
          {children}
        </div>
      </div>
      {!isFollowing && (
        <button type="button" className="button jump" onClick={jumpToEnd}>
          <Icon name="down" />
          {t('chat.jumpToLatest')}
        </button>
      )}
    </div>
  );
}
