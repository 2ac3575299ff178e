import { AppError } from '../../shared/appError';
import { askHub, discard, orOffline, readerOf } from './askHub';
import type { Network } from './downloadOptions';
import type { HubFile } from './hubListing';
import { hostOf, urlOf, type HubRepository } from './hubRepository';
import { orStalled } from './stall';

export type RangeRequest = {
  readonly repository: HubRepository;
  readonly file: HubFile;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** What the source called this file before; it must not have changed since. */
  readonly etag: string | null;
  /** Some servers know no ranges for small files: then the whole file will do, and what was not asked for is passed over. */
  readonly mayBeWhole: boolean;
};

export type OpenRange = {
  readonly etag: string | null;
  /** Gives `end - start` bytes, or throws as soon as that is known to be impossible. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/**
 * Asks a source for a stretch of a file and believes nothing: the range, the size of the whole, the ETag and the number of
 * bytes must be the ones we know. Throws what askHub throws, `download.changed` and `download.invalidAnswer`.
 */
export async function openRange(request: RangeRequest, network: Network, signal: AbortSignal): Promise<OpenRange> {
  const { repository, file, start, end, etag } = request;
  const host = hostOf(repository);
  const range = { range: `bytes=${start}-${end - 1}`, ...(etag !== null && { 'if-range': etag }) };
  const question = { url: urlOf(repository, file.path), host, headers: range };
  const response = await askHub(question, network, signal);
  const problem = problemOf(response, request);
  if (problem !== null) {
    await discard(response);
    throw new AppError(problem, { host, file: file.path });
  }
  const isWhole = response.status === 200;
  const bytes = isWhole ? exactly(file.sizeBytes) : exactly(end - start);
  return { etag: strongEtag(response.headers), bytes: isWhole ? between(bytes, start, end) : bytes };

  async function* exactly(expectedBytes: number): AsyncGenerator<Uint8Array> {
    const reader = readerOf(response);
    let missingBytes = expectedBytes;
    try {
      while (reader !== undefined) {
        const { value, done } = await orOffline(orStalled(reader.read(), network.clock, host), host, signal);
        if (done && missingBytes === 0) return;
        if (done || value.length > missingBytes) break;
        missingBytes -= value.length;
        yield value;
      }
      throw new AppError('download.invalidAnswer', { host, file: file.path });
    } finally {
      await reader?.cancel().catch(() => undefined); // whoever leaves early must not leave a connection behind
    }
  }
}

function problemOf(response: Response, request: RangeRequest): 'download.changed' | 'download.invalidAnswer' | null {
  const { headers, status } = response;
  const { file, etag, mayBeWhole } = request;
  const newEtag = strongEtag(headers);
  if (etag !== null && newEtag !== null && newEtag !== etag) return 'download.changed';
  if (isWebPage(headers) && !/\.html?$/.test(file.path)) return 'download.invalidAnswer';
  if (status === 206) return isRange(headers.get('content-range'), request) ? null : 'download.invalidAnswer';
  const length = headers.get('content-length');
  const isWhole = status === 200 && (length === null || Number(length) === file.sizeBytes);
  return mayBeWhole && isWhole ? null : 'download.invalidAnswer';
}

async function* between(bytes: AsyncIterable<Uint8Array>, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const some of bytes) {
    const wanted = some.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += some.length;
    if (wanted.length > 0) yield wanted;
  }
}

function isRange(value: string | null, { start, end, file }: RangeRequest): boolean {
  const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(value ?? '') ?? [];
  return Number(from) === start && Number(to) === end - 1 && (size === '*' || Number(size) === file.sizeBytes);
}

const isWebPage = (headers: Headers): boolean => headers.get('content-type')?.startsWith('text/html') ?? false;

/** A weak one does not promise the same bytes, and If-Range takes none (RFC 9110, 13.1.5). */
function strongEtag(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
}
