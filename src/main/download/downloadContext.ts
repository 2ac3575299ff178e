import type { Bell } from './bell';
import type { DownloadOptions } from './downloadOptions';
import type { Journal } from './journal';
import type { PartDisk } from './partDisk';

/** What the pieces of a running download share. */
export type DownloadContext = {
  readonly options: DownloadOptions;
  readonly journal: Journal;
  readonly disk: PartDisk;
  /** Rings when bytes came, were hashed, were consumed or turned out to be wrong, and when the download is to end. */
  readonly bell: Bell;
  /** Aborts when the user pauses and at the first error. */
  readonly signal: AbortSignal;
};
