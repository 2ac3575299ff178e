import { mkdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { lockFile } from '../app/fileLock';
import { readJsonFile, writeJsonFile } from '../app/jsonFile';
import { namesIn } from './ownFiles';

const claimName = 'deskmate-models.json';
const lockName = 'deskmate-models.lock';

/** A move that is not finished. Files are named from the models folder. */
const Incoming = z.object({ from: z.string(), files: z.array(z.string()) });

/** `deskmate-models.json`: says that Deskmate made the folder, and which move it is part of. */
const Claim = z.object({
  version: z.literal(1),
  /** In the folder that models are moved to, until they are gone from the other. */
  incoming: Incoming.nullable(),
  /** In the folder that they are moved from. `isGivenUp`: what was brought is to go again, and then nothing was. */
  outgoing: z.object({ to: z.string(), isGivenUp: z.boolean().default(false) }).nullable(),
  /** Whether Deskmate made the folder: then it goes when it is empty. One that the user made stays. */
  isMade: z.boolean().default(false),
});
export type Claim = z.infer<typeof Claim>;

const claimOf = (folder: string): string => join(folder, claimName);

export const readClaim = (folder: string): Promise<Claim | null> => readJsonFile(claimOf(folder), Claim);

type Moves = Pick<Partial<z.input<typeof Claim>>, 'incoming' | 'outgoing'>;

/** Makes the folder where it is not, and ours. What it is part of stays as it was, but for what `changed` says. */
export async function claim(folder: string, changed: Moves = {}): Promise<void> {
  const known = await readClaim(folder);
  const isMade = (await mkdir(folder, { recursive: true })) !== undefined || known?.isMade === true;
  await writeJsonFile(claimOf(folder), { version: 1, incoming: null, outgoing: null, ...known, ...changed, isMade });
}

/** What says that a folder is ours, also where a kill left it half written, and who works in it. */
export const claimFiles: readonly string[] = [claimName, `${claimName}.new`, lockName];

/** The right to change what is in the folder, until the returned function is called; null while another Deskmate has it. */
export const lockModels = (folder: string): Promise<(() => Promise<void>) | null> => lockFile(join(folder, lockName));

type Surroundings = {
  readonly home: string;
  /** Folders of this app and of this user that must stay what they are. */
  readonly reserved: readonly string[];
  /** The models folder that is used now. */
  readonly current: string;
  /** Where models are unless the user moved them: the one place among our own where they may be. */
  readonly usual: string;
};

/** Throws a `folder.` code where models must not be kept: in a place that is not theirs alone, they could not be told apart. */
export async function requireSafeFolder(
  chosen: string,
  { home, reserved, current, usual }: Surroundings,
): Promise<void> {
  const folder = await realFolder(chosen);
  const params = { folder: chosen };
  if (parse(folder).root === folder) throw new AppError('folder.isRoot', params);
  if (isWithin(await realFolder(home), folder)) throw new AppError('folder.isHome', params);
  for (const place of folder === (await realFolder(usual)) ? [] : await Promise.all(reserved.map(realFolder)))
    if (isWithin(place, folder) || isWithin(folder, place)) throw new AppError('folder.isOurs', params);
  const old = await realFolder(current);
  if (isWithin(old, folder) || isWithin(folder, old)) throw new AppError('folder.isCurrent', params);
  if ((await readClaim(folder)) === null && (await namesIn(folder)).length > 0)
    throw new AppError('folder.notEmpty', params);
}

/** Throws `folder.notEmpty` where a folder of ours has models of its own under these names: they would be overwritten. */
export async function requireWithout(models: readonly string[], folder: string, from: string): Promise<void> {
  const isUnfinished = (await readClaim(folder))?.incoming?.from === from; // then they are copies of the same
  const names = await namesIn(folder);
  if (!isUnfinished && models.some((model) => names.includes(model))) throw new AppError('folder.notEmpty', { folder });
}

/** Throws `folder.isOurs` for a folder within another: what is Deskmate's would be taken for the user's. */
export async function requireOutside(folder: string, other: string): Promise<void> {
  if (isWithin(await realFolder(folder), await realFolder(other))) throw new AppError('folder.isOurs', { folder });
}

/** Whether `inner` is `outer` or lies in it. */
function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}

/** Behind all links; as far as the folder is there. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return resolve(folder); // it is not there yet: it is what it is called
  }
}

/** Makes the folder ours by writing in it; throws `folder.unwritable` where that cannot be done. */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await claim(folder);
  } catch (error) {
    throw new AppError('folder.unwritable', { folder }, { cause: error });
  }
}
