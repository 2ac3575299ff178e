import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { AppError } from '../../shared/appError';
import type { Network } from './downloadOptions';
import { orStalled } from './stall';

export type Question = {
  readonly url: string;
  /** What is shown of the source in messages. */
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The answer to a GET, when it is one: throws `download.offline`, `.stalled`, `.rateLimited` or `.refused` otherwise, and the
 * signal's reason when it aborts. Redirects are followed; who sends us in circles cannot be reached.
 */
export async function askHub(question: Question, network: Network, signal: AbortSignal): Promise<Response> {
  const { url, host } = question;
  const headers = { 'accept-encoding': 'identity', ...question.headers };
  const connection = new AbortController();
  const options = { headers, cache: 'no-store', signal: AbortSignal.any([signal, connection.signal]) } as const;
  const answer = orStalled(network.fetch(url, options), network.clock, host).catch((error: unknown) => {
    connection.abort(); // whoever did not answer in time shall not do so later
    throw error;
  });
  const response = await orOffline(answer, host, signal);
  if (response.ok) return response;
  await discard(response);
  const seconds = retryAfterSeconds(response.headers);
  const { status } = response;
  if (status === 429 || (status === 503 && seconds !== null))
    throw new AppError('download.rateLimited', { host, seconds: seconds ?? 0 });
  throw new AppError('download.refused', { host, status });
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
