import type { Verdict } from '../../../shared/verdict';

/** Bytes. */
export type DiskNeed = {
  /** What stays on the disk. */
  readonly kept: number;
  /** What is prepared of that. */
  readonly prepared: number;
  /** The most that it takes while it is being fetched and prepared. */
  readonly most: number;
};

type Plan = {
  readonly verdict: Pick<Verdict, 'diskBytes' | 'diskBytesBesideOriginals'>;
  readonly downloadBytes: number;
  readonly keepsOriginals: boolean;
};

/** Without originals, fetched bytes that wait to be prepared are let go soon; main bounds them by this. */
const waitingBytes = 2 * 1024 ** 3;

/** What an installation takes of the disk. */
export function diskNeed({ verdict, downloadBytes, keepsOriginals }: Plan): DiskNeed {
  const prepared = keepsOriginals ? verdict.diskBytesBesideOriginals : verdict.diskBytes;
  const kept = prepared + (keepsOriginals ? downloadBytes : 0);
  return { kept, prepared, most: keepsOriginals ? kept : kept + waitingBytes };
}
