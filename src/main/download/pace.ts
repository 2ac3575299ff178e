import { AppError } from '../../shared/appError';
import type { Clock } from './clock';

/** Bytes a second of one connection, below which another one, or another source, is worth a try. Four of them would take three
 *  days for Qwen-7B. */
const leastBytesPerSecond = 16 << 10;

/** Whether a connection brings its bytes at a pace that is worth waiting for. */
export class Pace {
  #waitedMs = 0;
  #bytes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly host: string,
    /** So long it may be slow. */
    private readonly windowMs: number,
  ) {}

  /**
   * What `read` gives. Only time that is spent in here counts, so that neither a bandwidth limit nor a slow disk of ours is
   * the source's fault. Throws `download.slow` when a whole window brought too little.
   */
  async watch<T extends { readonly value?: Uint8Array | undefined }>(read: () => Promise<T>): Promise<T> {
    const startMs = this.clock.nowMs();
    const result = await read();
    this.#waitedMs += this.clock.nowMs() - startMs;
    this.#bytes += result.value?.length ?? 0;
    if (this.#waitedMs < this.windowMs) return result;
    const isSlow = this.#bytes < (leastBytesPerSecond * this.#waitedMs) / 1000;
    if (isSlow) throw new AppError('download.slow', { host: this.host });
    this.#waitedMs = this.#bytes = 0;
    return result;
  }
}
