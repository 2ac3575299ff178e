import { AppError } from '../../shared/appError';
import type { Clock } from './clock';

/** A source that sends nothing for so long is asked anew. */
const stallMs = 30_000;

/** What `work` gives, or `download.stalled` when it takes too long for one answer or one more byte. */
export async function orStalled<T>(work: Promise<T>, clock: Clock, host: string): Promise<T> {
  const settled = new AbortController();
  const stalled = new Promise<never>((_, reject) => {
    clock.wait(stallMs, settled.signal).then(
      () => reject(new AppError('download.stalled', { host, seconds: stallMs / 1000 })),
      () => undefined, // the work was faster
    );
  });
  try {
    return await Promise.race([work, stalled]);
  } finally {
    settled.abort();
  }
}
