import type { Translate } from './useTranslate';

/** How long something still takes, as roughly as anyone can know it: it must not flicker while it counts down. */
export function formatDuration(seconds: number, t: Translate): string {
  if (seconds < 60) return t('duration.underMinute');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t('duration.minutes', { minutes });
  const rounded = Math.round(seconds / 300) * 5;
  return t('duration.hours', { hours: Math.floor(rounded / 60), minutes: rounded % 60 });
}
