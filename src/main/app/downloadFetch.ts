import type { Session } from 'electron';

/**
 * A fetch for downloads, through the system's proxy, that tells a source nothing of whoever asks but the program: no system, no
 * language, and no cookie that it gave before.
 */
export function downloadFetch(session: Session, appVersion: string): typeof fetch {
  session.setUserAgent(`Deskmate/${appVersion}`, ''); // without a language the header is not sent
  return (input, init) => session.fetch(input instanceof URL ? input.href : input, { ...init, credentials: 'omit' });
}
