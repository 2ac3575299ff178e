import { join } from 'node:path';
import { z } from 'zod';
import { isMissing, readJsonFile, writeJsonFile } from '../app/jsonFile';
import type { ModelPlaces } from './modelPlaces';
import { namesIn, ownFiles } from './ownFiles';
import { removeFiles } from './removeFiles';

const Removal = z.object({ paths: z.array(z.string()) });

/** Deletes a model: all files that Deskmate wrote, the marker first, and the folders that are empty then. */
export async function removeModel(places: ModelPlaces): Promise<void> {
  const paths = (await ownFiles(places)).map(({ path }) => path);
  await removeListed(
    places,
    paths.filter((path) => path !== 'remove.json'),
  );
}

/** Deletes these files of a model. What a kill interrupts, `finishRemoval` ends. */
export async function removeListed(places: ModelPlaces, paths: readonly string[]): Promise<void> {
  await writeJsonFile(places.removal, { paths: paths.toSorted(markerFirst) }).catch((error: unknown) => {
    if (!isMissing(error)) throw error; // the whole folder is gone already
  });
  await finishRemoval(places);
}

/** Goes on with a removal, if one was begun. */
export async function finishRemoval(places: ModelPlaces): Promise<void> {
  const removal = await readJsonFile(places.removal, Removal);
  if (removal !== null) await removeFiles(places.root, [...removal.paths, 'remove.json']);
}

/** What an installation that let the originals go still has of them when the model is whole: headers, and tensors too small
 *  to be let go one by one. */
export async function removeLeftovers(places: ModelPlaces): Promise<void> {
  const parts = join('checkpoint', '.parts');
  const own = (await ownFiles(places)).map(({ path }) => path).filter((path) => path.startsWith(parts));
  const shards = await namesIn(places.parts);
  // Also folders that a kill left without files.
  await removeFiles(places.root, [...own, ...['', ...shards].map((shard) => join(parts, shard, 'header'))]);
}

const markerFirst = (one: string, other: string): number =>
  Number(other === 'model.json') - Number(one === 'model.json');
