import { AppError } from '../../shared/appError';
import type { DownloadContext } from './downloadContext';
import { defaultChunkBytes } from './downloadOptions';
import { hasHash } from './hubListing';
import { openRange } from './openRange';
import { PieceWriter, type WantedRange } from './pieceWriter';
import type { ProgressReport } from './progressReport';
import type { Lease, Sources } from './sources';

/**
 * Fetches a range as far as it comes, and keeps that. A source that fails is noted; the range is asked for again by whoever
 * looks what is missing. Throws what no other source can mend: a full disk, an abort, the last source's error.
 */
export async function fetchRange(
  range: WantedRange,
  context: DownloadContext,
  { sources, report }: { sources: Sources; report: ProgressReport },
): Promise<void> {
  const lease = await sources.lease(range.file);
  const { source } = lease.repository;
  let gotBytes = 0;
  try {
    for await (const bytes of receive(range, lease, context)) {
      gotBytes += bytes;
      sources.worked(lease);
      report.source = source;
      report.trouble = null;
      report.meter.add(bytes);
    }
  } catch (error) {
    context.signal.throwIfAborted(); // a pause is nobody's failure
    if (!isOfSource(error)) throw error;
    if (error.code === 'download.changed' && hasHash(range.file)) await forgetEtag(lease, context);
    sources.failed(lease, error, gotBytes);
  }
}

/** Gives the numbers of bytes as they are written. */
async function* receive(range: WantedRange, lease: Lease, context: DownloadContext): AsyncGenerator<number> {
  const { journal, options, signal } = context;
  const { repository, file } = lease;
  const { source } = repository;
  const known = journal.stateOf(file).etags.get(source) ?? null;
  const { start, end } = range;
  const mayBeWhole = file.sizeBytes <= (options.chunkBytes ?? defaultChunkBytes);
  // A chunk that must come back as it was is kept only as a whole: there is no other connection that could go on with it.
  const slowWindowMs = range.sha256 === null ? lease.slowWindowMs : Infinity;
  const request = { repository, file, start, end, etag: known, mayBeWhole, slowWindowMs };
  const { etag, bytes } = await openRange(request, options, signal);
  if (etag !== null && etag !== known) await journal.append({ is: 'etag', file: file.path, source, etag });
  const writer = new PieceWriter(range, context);
  try {
    for await (const some of bytes) {
      await options.limit.take(some.length, signal);
      await writer.write(some);
      yield some.length;
    }
  } finally {
    await writer.close();
  }
}

/** The source is asked what it lists now; if that is the same file, its new name for it is taken. */
const forgetEtag = ({ file, repository }: Lease, { journal }: DownloadContext): Promise<void> =>
  journal.append({ is: 'etag', file: file.path, source: repository.source, etag: null });

const isOfSource = (error: unknown): error is AppError =>
  error instanceof AppError && !error.code.startsWith('download.disk');
