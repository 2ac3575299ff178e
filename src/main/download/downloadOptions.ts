import type { AppError } from '../../shared/appError';
import type { SourceId } from '../../shared/library';
import type { BandwidthLimit } from './bandwidthLimit';
import type { Clock } from './clock';
import type { FileRecord, Part, WantedFile } from './downloadPlan';
import type { HubRepository } from './hubRepository';

export const defaultChunkBytes = 16 << 20;

/** How anything here reaches the outside. `fetch` brings the proxy along, and gives a redirect as the answer that it is. */
export type Network = { readonly fetch: typeof fetch; readonly clock: Clock };

/** Someone who takes the parts as they come, so that they need not all lie on the disk at once. */
export type PartConsumer = {
  /**
   * A part is whole and on the disk: called once a run for every part, in no certain order, also for those that an earlier
   * run fetched and nobody released. `release`: its bytes are needed no more, the part's file is deleted as soon as the hash
   * of the published file has passed it. `keep`: it stays. A rejection ends the download with that error.
   */
  consume(part: Part, file: WantedFile): Promise<'keep' | 'release'>;
  /** The whole file did not have the hash it must have: everything taken from its parts is void, they will all come again. */
  forget(file: WantedFile): Promise<void>;
  /** Bytes of parts that were begun and not yet consumed: no further part is begun above this. So no part may wait for a later one. */
  readonly maxHeldBytes: number;
};

export type DownloadProgress = {
  /** Verified and on this disk, or consumed. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; null while that means nothing. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Which source answers; null before one did. */
  readonly source: SourceId | null;
  /** What it is trying to overcome right now. */
  readonly trouble: AppError | null;
};

export type DownloadOptions = Network & {
  /** In the order in which they are fetched. */
  readonly files: readonly WantedFile[];
  /**
   * In the order in which they are tried, each pinned to a revision where that is known. A source is asked for a
   * file only if it lists it with the same size and no other hash.
   */
  readonly sources: readonly HubRepository[];
  /** A file of the download's own, which tells a later run what is there. `.lock` and `.new` are added to its name. */
  readonly journalPath: string;
  /** Free bytes that the disk must have, when what is still to be fetched takes so many more; without it, those. */
  readonly neededBytes?: (toComeBytes: number) => number;
  readonly limit: BandwidthLimit;
  readonly consumer?: PartConsumer;
  /** At most four times a second, and at the end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Pauses: what arrived is kept and journalled, then the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Requests at a time. */
  readonly parallel?: number;
  /** Bytes a request asks for, and at most a chunk. */
  readonly chunkBytes?: number;
};

/**
 * `downloadFiles(options)` in downloadFiles.ts: fetches what is missing and resolves with the files that are whole and have
 * the right hash. Rejects with the signal's reason or with an AppError: `download.offline`, `.stalled`, `.refused`,
 * `.linkRefused`, `.rateLimited`, `.invalidAnswer`, `.changed` (all sources tried, what arrived is kept: call it again later),
 * `.checksum`, `.diskFull`, `.diskRefused`, `.locked`; `library.diskFull`: there is too little room to begin.
 */
export type DownloadFiles = (options: DownloadOptions) => Promise<readonly FileRecord[]>;
