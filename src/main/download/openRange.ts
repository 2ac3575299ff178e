import { AppError } from '../../shared/appError';
import { askHub, discard, orOffline, readerOf } from './askHub';
import type { Network } from './downloadOptions';
import type { HubFile } from './hubListing';
import { hostOf, urlOf, type HubRepository } from './hubRepository';
import { Pace } from './pace';
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
  /** So long the answer may bring next to nothing. */
  readonly slowWindowMs: number;
};

export type OpenRange = {
  readonly etag: string | null;
  /** Gives `end - start` bytes, or throws as soon as that is known to be impossible. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

/**
 * Asks a source for a stretch of a file and believes nothing: the range, the size of the whole, the ETag and the number of
 * bytes must be the ones we know. Throws what askHub throws, `download.changed`, `download.invalidAnswer` and `download.slow`.
 */
export async function openRange(request: RangeRequest, network: Network, signal: AbortSignal): Promise<OpenRange> {
  const { repository, file, start, end } = request;
  const host = hostOf(repository);
  const response = await ask(request, network, signal);
  const problem = problemOf(response, request);
  if (problem !== null) {
    await discard(response);
    throw new AppError(problem, { host, file: file.path });
  }
  const isWhole = response.status === 200;
  const expectedBytes = isWhole ? file.sizeBytes : end - start;
  const bytes = exactly(response, { ...request, expectedBytes }, { ...network, signal });
  return { etag: strongEtag(response.headers), bytes: isWhole ? between(bytes, start, end) : bytes };
}

async function ask(request: RangeRequest, network: Network, signal: AbortSignal): Promise<Response> {
  const { repository, file, start, end, etag } = request;
  const host = hostOf(repository);
  const headers = { range: `bytes=${start}-${end - 1}`, ...(etag !== null && { 'if-range': etag }) };
  try {
    return await askHub({ url: urlOf(repository, file.path), host, headers }, network, signal);
  } catch (error) {
    if (!isBeyondEnd(error)) throw error;
    throw new AppError('download.changed', { host, file: file.path }, { cause: error });
  }
}

/** The source's file ends before what we know of ours. */
const isBeyondEnd = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'download.refused' && error.params['status'] === 416;

type Body = RangeRequest & { readonly expectedBytes: number };

async function* exactly(
  response: Response,
  { repository, file, slowWindowMs, expectedBytes }: Body,
  { clock, signal }: Network & { readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const host = hostOf(repository);
  const pace = new Pace(clock, host, slowWindowMs);
  const reader = readerOf(response);
  const read = async () => reader?.read() ?? { done: true, value: undefined };
  const next = () => orOffline(orStalled(read(), clock, host), host, signal);
  let missingBytes = expectedBytes;
  try {
    while (missingBytes > 0) {
      const { value } = await pace.watch(next);
      if (value === undefined || value.length > missingBytes)
        throw new AppError('download.invalidAnswer', { host, file: file.path });
      missingBytes -= value.length;
      yield value;
    }
    // Read to its end, the connection can be used again. All bytes are here: how it breaks off now is no matter.
    const { done } = await next().catch(() => ({ done: true }));
    if (!done) throw new AppError('download.invalidAnswer', { host, file: file.path });
  } finally {
    await reader?.cancel().catch(() => undefined); // whoever leaves early must not leave a connection behind
  }
}

function problemOf(response: Response, request: RangeRequest): 'download.changed' | 'download.invalidAnswer' | null {
  const { headers, status } = response;
  const { file, etag } = request;
  const newEtag = strongEtag(headers);
  if (etag !== null && newEtag !== null && newEtag !== etag) return 'download.changed';
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('text/html') && !/\.html?$/.test(file.path)) return 'download.invalidAnswer';
  if (status === 206) return problemOfPart(headers, request);
  return status === 200 && isWholeFile(headers, request) ? null : 'download.invalidAnswer';
}

/** Several ranges in one answer were never asked for, and a range of something compressed is none of the file. */
function problemOfPart(headers: Headers, { start, end, file }: RangeRequest) {
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('multipart/') || isCompressed(headers)) return 'download.invalidAnswer';
  const [, from, to, size] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (size !== undefined && size !== '*' && Number(size) !== file.sizeBytes) return 'download.changed';
  const isRange = Number(from) === start && Number(to) === end - 1;
  return isRange && hasLength(headers, end - start) ? null : 'download.invalidAnswer';
}

/** What came compressed, though nobody asked for that, was unpacked on its way; its length said nothing of the file. */
const isWholeFile = (headers: Headers, { mayBeWhole, file }: RangeRequest): boolean =>
  mayBeWhole && (isCompressed(headers) || hasLength(headers, file.sizeBytes));

function hasLength(headers: Headers, bytes: number): boolean {
  const length = headers.get('content-length');
  return length === null || Number(length) === bytes;
}

const isCompressed = (headers: Headers): boolean => !['identity', null].includes(headers.get('content-encoding'));

async function* between(bytes: AsyncIterable<Uint8Array>, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const some of bytes) {
    const wanted = some.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += some.length;
    if (wanted.length > 0) yield wanted;
  }
}

/** A weak one does not promise the same bytes, and If-Range takes none (RFC 9110, 13.1.5). */
function strongEtag(headers: Headers): string | null {
  const etag = headers.get('etag');
  return etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
}
