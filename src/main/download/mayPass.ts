import type { AppError } from '../../shared/appError';

const passing: readonly string[] = [
  'download.offline',
  'download.stalled',
  'download.rateLimited',
  'download.invalidAnswer',
  'download.linkRefused',
];

/**
 * Whether it can be over without anyone doing anything here: a network or a source that is down, a source that has had enough
 * of us, a link of its that is no longer valid, the sign-in page of a network.
 */
export function mayPass({ code, params }: AppError): boolean {
  const status = Number(params['status']);
  return passing.includes(code) || (code === 'download.refused' && (status >= 500 || status === 408));
}
