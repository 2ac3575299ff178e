/** Where a scrolled area stands, in CSS pixels. */
export type ScrollPosition = { readonly top: number; readonly height: number; readonly viewHeight: number };

/** This close to the end counts as the end. */
const nearPx = 32;

const isAtEnd = ({ top, height, viewHeight }: ScrollPosition): boolean => height - top - viewHeight <= nearPx;

export const canScroll = ({ height, viewHeight }: ScrollPosition): boolean => height > viewHeight;

/**
 * Whether the view goes on following the end after a scroll from `before` to `now`. Moving up lets go, however little;
 * a view that merely became shorter has not been moved by anyone. Coming down to the end takes hold again.
 */
export function followsAfterScroll(isFollowing: boolean, before: ScrollPosition, now: ScrollPosition): boolean {
  const didShrink = now.height < before.height || now.viewHeight !== before.viewHeight;
  if (now.top < before.top - 1) return didShrink && isFollowing;
  return isFollowing || (now.top > before.top && isAtEnd(now));
}

/** A key or a wheel turn that means "up", even where the view cannot move yet. */
export const isUpwardKey = (key: string): boolean => key === 'ArrowUp' || key === 'PageUp' || key === 'Home';
