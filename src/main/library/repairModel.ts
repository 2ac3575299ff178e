import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import { writeJsonFile } from '../app/jsonFile';
import { type Damage, findDamage, type RecordedFile, repairFiles } from '../download/damage';
import { inOneFile } from '../download/downloadPlan';
import type { CatalogModel } from './catalog';
import { isShard } from './checkpointFiles';
import { repositoriesOf } from './connect';
import type { InstallWork } from './installWork';
import { discardForm, isFormWhole } from './preparedForms';
import type { ModelMarker } from './records';
import type { StoredModel } from './storedModel';

type Repair = Omit<InstallWork, 'places'> & {
  readonly stored: StoredModel;
  readonly marker: ModelMarker;
  /** Null for what came from a folder of the user's: nobody has it to fetch. */
  readonly model: CatalogModel | null;
};

type Repaired = {
  /** Which were fetched again. */
  readonly files: readonly string[];
  /** Which are still to be made anew: only whoever has the originals can do that. */
  readonly forms: readonly Pick<StoredModel['forms'][number], 'precision' | 'device'>[];
};

/**
 * Reads a model against its hashes and fetches its damaged chunks again. Damaged prepared weights are discarded. Throws
 * `library.damaged` where nobody has the bytes.
 */
export async function repairModel(repair: Repair): Promise<Repaired> {
  const { stored, marker, report } = repair;
  report.stage('checking');
  if (marker.origin === 'reference') {
    await checkReference(repair, marker);
    return { files: [], forms: [] };
  }
  const damage = await findAllDamage(repair);
  if (damage.length > 0) await fetchAgain(repair, damage);
  await setDamaged(repair, []);
  return { files: damage.map(({ file }) => file.path), forms: await checkForms(stored, repair.signal) };
}

async function findAllDamage({ stored, marker, report, signal }: Repair): Promise<readonly Damage[]> {
  const onDisk = marker.files.filter(({ path }) => marker.hasOriginals || !isShard(path));
  const files = onDisk.map((file): RecordedFile => {
    const published = { path: file.path, sizeBytes: file.sizeBytes, sha256: file.sha256, gitId: null };
    const { parts } = inOneFile(published, join(stored.places.checkpoint, file.path));
    return { ...published, sha256: file.sha256, chunks: file.chunks, parts };
  });
  report.total(files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const damage = await findDamage(files, { signal, onProgress: (bytes) => report.done(bytes) });
  return damage;
}

async function fetchAgain(repair: Repair, damage: readonly Damage[]): Promise<void> {
  const { stored, marker, model, services, report, signal } = repair;
  const names = damage.map(({ file }) => file.path);
  await setDamaged(repair, names); // stays if the repair does not come to its end
  if (model === null || marker.source === null || marker.revision === null)
    throw new AppError('library.damaged', { name: marker.name, files: names.join(', ') });
  report.stage('downloading');
  report.total(damage.reduce((sum, { file }) => sum + file.sizeBytes, 0));
  await repairFiles(damage, {
    ...services.network,
    sources: repositoriesOf(model, services.sources(), { source: marker.source, revision: marker.revision, files: [] }),
    ...{ journalPath: stored.places.journal, limit: services.limit, signal },
    onProgress: (progress) => report.download(progress),
  });
}

/** Nobody wrote down what a reference held, so only what is missing or does not fit can be found. */
async function checkReference(repair: Repair, marker: ModelMarker): Promise<void> {
  const { host, signal } = repair;
  try {
    await host.request('inspect', { folder: marker.folder ?? '' }, { signal });
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('checkpoint.'))
      await setDamaged(repair, [String(error.params['file'] ?? error.params['tensor'] ?? 'config.json')]);
    throw error;
  }
  await setDamaged(repair, []);
}

async function checkForms({ forms }: StoredModel, signal: AbortSignal): Promise<Repaired['forms']> {
  const damaged = [];
  for (const form of forms) {
    if (await isFormWhole(form.folder, signal)) continue;
    await discardForm(form.folder);
    damaged.push({ precision: form.precision, device: form.device });
  }
  return damaged;
}

const setDamaged = ({ stored, marker }: Repair, damaged: string[]): Promise<void> =>
  writeJsonFile(stored.places.marker, { ...marker, damaged });
