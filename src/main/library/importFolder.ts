import { demoModelId, type ModelId } from '../../shared/library';
import { writeJsonFile } from '../app/jsonFile';
import type { WorkerHost } from '../inference/workerHost';
import { freeModelId } from './freeModelId';
import { checkpointIn } from './hubCache';
import { copyOf, referenceTo } from './importedFolder';
import { inspectFolder } from './inspectFolder';
import type { Installs } from './installs';
import type { ModelChoice } from './modelChoice';
import { modelPlaces } from './modelPlaces';
import { requireOutside } from './modelsFolder';
import type { Shelf } from './shelf';

type Options = {
  readonly isCopied: boolean;
  readonly shelf: Shelf;
  readonly choice: ModelChoice;
  readonly installs: Installs;
  readonly newPrepareHost: () => WorkerHost;
};

/** Takes in a checkpoint folder of the user's: where it lies, or as a copy, which then is an installation like any other. Throws
 *  what is wrong with the folder, before anything is written. */
export async function importFolder(picked: string, options: Options): Promise<ModelId> {
  const { isCopied, shelf, choice, installs, newPrepareHost } = options;
  const { folder, name } = await checkpointIn(picked);
  const known = isCopied ? undefined : referenceIn(shelf, folder);
  if (known !== undefined) return known;
  if (!isCopied) await requireOutside(folder, shelf.folder);
  const { shape, files } = await inspectFolder(newPrepareHost, folder);
  const isTaken = (id: ModelId) => id === demoModelId || choice.inCatalog(id) !== null || shelf.all.has(id);
  const modelId = freeModelId(name, isTaken);
  const places = modelPlaces(shelf.folder, modelId);
  const found = { name, folder, shape, files };
  if (isCopied) {
    const order = copyOf(found);
    await shelf.begin(places, () => writeJsonFile(places.order, order));
    await installs.copy(modelId, places, order);
  } else {
    await shelf.begin(places, () => writeJsonFile(places.marker, referenceTo(found)));
  }
  return modelId;
}

const referenceIn = ({ all }: Shelf, folder: string): ModelId | undefined =>
  [...all.values()].find(({ marker }) => marker?.origin === 'reference' && marker.folder === folder)?.id;
