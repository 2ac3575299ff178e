import type { Verdict } from './verdict';

/** Bytes. */
export type DiskNeed = {
  /** What stays on the disk. */
  readonly kept: number;
  /** What is prepared of that. */
  readonly prepared: number;
  /** What of the published weights waits to be prepared and is then let go, at most. */
  readonly waiting: number;
  /** The most that it takes while it is being fetched and prepared. */
  readonly most: number;
};

type Plan = {
  readonly verdict: Pick<Verdict, 'diskBytes' | 'diskBytesBesideOriginals' | 'largestTensorBytes'>;
  readonly downloadBytes: number;
  readonly keepsOriginals: boolean;
};

/** Bytes that may wait to be prepared before the download waits for them. A tensor that is larger waits alone. */
export const heldBytes = 1e9;

/** What an installation takes of the disk. */
export function diskNeed({ verdict, downloadBytes, keepsOriginals }: Plan): DiskNeed {
  const prepared = keepsOriginals ? verdict.diskBytesBesideOriginals : verdict.diskBytes;
  const kept = prepared + (keepsOriginals ? downloadBytes : 0);
  const waiting = keepsOriginals ? 0 : Math.min(downloadBytes, Math.max(heldBytes, verdict.largestTensorBytes));
  return { kept, prepared, waiting, most: kept + waiting };
}
