import { unfinishedCopy } from './copyVerified';
import { claim, type Claim, claimFiles, readClaim } from './modelsFolder';
import { removeFiles, removeFilesIn } from './removeFiles';

/** Where to the models of `folder` were being moved when the app ended, if that can go on. */
export async function interruptedMove(folder: string): Promise<string | null> {
  const outgoing = (await readClaim(folder))?.outgoing;
  if (!outgoing || outgoing.isGivenUp) return null;
  return (await readOther(outgoing.to))?.incoming?.from === folder ? outgoing.to : null;
}

/** Undoes a move of which the settings know nothing yet. Where the first folder is away by now, nothing is known for sure. */
export async function giveUpMove(from: string, to: string): Promise<void> {
  if ((await readOther(from)) === null) return;
  await claim(from, { outgoing: { to, isGivenUp: true } }); // a kill from here on does not go on with it
  await settleMove(from);
}

/**
 * Brings a move to its end that goes on no more: `folder`, which the settings name, holds all, and the other place gives up its
 * files. While that is on a drive that is away, it waits for a later start.
 */
export async function settleMove(folder: string): Promise<void> {
  const state = await readClaim(folder);
  if (state === null) return;
  const { outgoing, incoming } = state;
  if (outgoing !== null) {
    const isUndone = await isTargetEmptied(folder, outgoing);
    await claim(folder, { outgoing: isUndone ? null : { ...outgoing, isGivenUp: true } });
  }
  if (incoming !== null && (await isOriginEmptied(folder, incoming))) await claim(folder, { incoming: null });
}

/** The files of a move in the folder that they were brought to, also those that are not whole. */
export const withUnfinished = (paths: readonly string[]): string[] => [...paths, ...paths.map(unfinishedCopy)];

async function isTargetEmptied(from: string, { to }: NonNullable<Claim['outgoing']>): Promise<boolean> {
  const other = await readOther(to);
  return other?.incoming?.from === from ? isEmptied(to, other, withUnfinished(other.incoming.files)) : other !== null;
}

async function isOriginEmptied(to: string, { from, files }: NonNullable<Claim['incoming']>): Promise<boolean> {
  const other = await readOther(from);
  // Another drive may be there by now, with models of its own.
  return other?.outgoing?.to === to ? isEmptied(from, other, files) : other !== null;
}

/** Deletes the files of a move in one of its folders, and the folder if Deskmate made it and nothing else is in it. */
async function isEmptied(folder: string, { isMade }: Claim, paths: readonly string[]): Promise<boolean> {
  try {
    await (isMade ? removeFiles : removeFilesIn)(folder, [...paths, ...claimFiles]);
    return true;
  } catch (error) {
    if (isOfSystem(error)) return false;
    throw error;
  }
}

/** Null where the folder is gone, or on a drive that does not answer: that must keep no app from starting. */
async function readOther(folder: string): Promise<Claim | null> {
  try {
    return await readClaim(folder);
  } catch (error) {
    if (isOfSystem(error)) return null;
    throw error;
  }
}

/** Whether the operating system refused something. */
export const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;
