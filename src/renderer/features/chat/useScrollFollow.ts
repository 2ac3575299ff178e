import { useCallback, useEffect, useRef, useState } from 'react';
import { canScroll, followsAfterScroll, isUpwardKey, type ScrollPosition } from './scrollFollow';

const positionOf = (view: HTMLElement): ScrollPosition => ({
  top: view.scrollTop,
  height: view.scrollHeight,
  viewHeight: view.clientHeight,
});

/**
 * Keeps a scrolled area at its end while its content grows, until the user moves up.
 * Not `isWanted`, it stays where it is put. `viewRef` is for the area, `contentRef` for the one element inside it.
 */
export function useScrollFollow(isWanted: boolean) {
  const [view, viewRef] = useState<HTMLElement | null>(null);
  const [content, contentRef] = useState<HTMLElement | null>(null);
  const [isFollowing, setIsFollowing] = useState(true);
  const follows = useRef(true);
  const setFollows = useCallback((next: boolean) => {
    follows.current = next;
    setIsFollowing(next);
  }, []);

  useEffect(() => {
    if (view === null || content === null || !isWanted) return;
    let before = positionOf(view);
    const toEnd = (): void => {
      view.scrollTop = view.scrollHeight;
      before = positionOf(view);
    };
    const onScroll = (): void => {
      const now = positionOf(view);
      const next = followsAfterScroll(follows.current, before, now);
      if (next !== follows.current) setFollows(next);
      before = now;
    };
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY < 0 && view.scrollTop > 0) setFollows(false);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isUpwardKey(event.key) && view.scrollTop > 0) setFollows(false);
    };
    const onResize = (): void => {
      if (follows.current) toEnd();
      else if (!canScroll(positionOf(view))) setFollows(true);
    };
    const observer = new ResizeObserver(onResize);
    observer.observe(content);
    observer.observe(view);
    view.addEventListener('scroll', onScroll, { passive: true });
    view.addEventListener('wheel', onWheel, { passive: true });
    view.addEventListener('keydown', onKeyDown);
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', onScroll);
      view.removeEventListener('wheel', onWheel);
      view.removeEventListener('keydown', onKeyDown);
    };
  }, [view, content, isWanted, setFollows]);

  const jumpToEnd = useCallback(() => {
    setFollows(true);
    view?.scrollTo({ top: view.scrollHeight });
  }, [view, setFollows]);

  return { viewRef, contentRef, isFollowing, jumpToEnd };
}
