import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { AppError } from '../../shared/appError';
import type { Network } from './downloadOptions';
import { redirectOf } from './redirect';
import { orStalled } from './stall';

export type Question = {
  readonly url: string;
  /** What is shown of the source in messages. */
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** As browsers do; hubs send on once or twice. */
const maxRedirects = 10;
/** How a place for the bytes says that the link to it is no longer valid: such links are signed, and for a short time. */
const staleLink: readonly number[] = [400, 401, 403, 410];

/**
 * The answer to a GET, when it is one: throws `download.offline`, `.stalled`, `.rateLimited`, `.refused`, `.linkRefused` or
 * `.invalidAnswer` otherwise, and the signal's reason when it aborts. Redirects are followed, but in no circles and out of no
 * encryption.
 */
export async function askHub(question: Question, network: Network, signal: AbortSignal): Promise<Response> {
  const { host } = question;
  let url = new URL(question.url);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await ask({ ...question, url: url.href }, network, signal);
    if (response.ok) return response;
    await discard(response);
    const next = redirectOf(response, url, host);
    if (next === null) throw refusalOf(response, host, redirects > 0);
    url = next;
  }
  throw new AppError('download.invalidAnswer', { host });
}

async function ask({ url, host, headers }: Question, network: Network, signal: AbortSignal): Promise<Response> {
  const connection = new AbortController();
  const answer = network.fetch(url, {
    headers: { 'accept-encoding': 'identity', ...headers },
    ...{ cache: 'no-store', redirect: 'manual', signal: AbortSignal.any([signal, connection.signal]) },
  });
  const inTime = orStalled(answer, network.clock, host).catch((error: unknown) => {
    connection.abort(); // whoever did not answer in time shall not do so later
    throw error;
  });
  return orOffline(inTime, host, signal);
}

function refusalOf({ status, headers }: Response, host: string, isElsewhere: boolean): AppError {
  const seconds = retryAfterSeconds(headers);
  if (status === 429 || (status === 503 && seconds !== null))
    return new AppError('download.rateLimited', { host, seconds: seconds ?? 0 });
  if (isElsewhere && staleLink.includes(status)) return new AppError('download.linkRefused', { host, status });
  return new AppError('download.refused', { host, status });
}

/** An error of the network becomes `download.offline`; our own errors and an abort stay what they are. */
export async function orOffline<T>(work: Promise<T>, host: string, signal: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw new AppError('download.offline', { host }, { cause: error });
  }
}

/** Lets the connection go; what it still brings is not wanted. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined); // it broke by itself, which is as good
}

/** The body's bytes; an answer without a body has none. */
export const readerOf = (response: Response): ReadableStreamDefaultReader<Uint8Array> | undefined =>
  response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined; // Node types its chunks as any

/** Seconds, or a date: then counted from the server's own, so that our clock need not be right. */
function retryAfterSeconds(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : secondsBetween(headers.get('date'), value);
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

const secondsBetween = (from: string | null, until: string): number =>
  (Date.parse(until) - (from === null ? Date.now() : Date.parse(from))) / 1000;
