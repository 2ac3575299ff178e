import { AppError } from '../../shared/appError';

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** Where an answer sends whoever asked `from`; null when it does not. Throws `download.invalidAnswer` for a place that nobody
 *  should be sent to: another protocol, or one without encryption from one that has it. */
export function redirectOf({ status, headers }: Response, from: URL, host: string): URL | null {
  const location = headers.get('location');
  if (location === null || !redirects.includes(status)) return null;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to !== null && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))) return to;
  throw new AppError('download.invalidAnswer', { host });
}
