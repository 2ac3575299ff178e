import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import type { InstalledModel, ModelId } from '../../shared/library';
import type { WireError } from '../../shared/wireError';
import { readJsonFile } from '../app/jsonFile';
import type { ConfiguredModel } from '../model/configuredModel';
import { isShard } from './checkpointFiles';
import { modelPlaces, type ModelPlaces } from './modelPlaces';
import { type OwnFile, ownFiles, takenBytes } from './ownFiles';
import { preparedForms } from './preparedForms';
import { InstallOrder, ModelMarker } from './records';

/** What of a model is on the disk. */
export type StoredModel = {
  readonly id: ModelId;
  readonly places: ModelPlaces;
  /** Null while it is not whole. */
  readonly marker: ModelMarker | null;
  /** What is still to be done. */
  readonly order: InstallOrder | null;
  readonly forms: Awaited<ReturnType<typeof preparedForms>>;
  readonly diskBytes: number;
  /** Shards that were there when it was whole; nobody knows those of a reference. */
  readonly missing: readonly string[];
  /** Whether the folder of a reference is there. */
  readonly isThere: boolean;
};

export async function readStored(modelsFolder: string, id: ModelId): Promise<StoredModel> {
  const places = modelPlaces(modelsFolder, id);
  const [marker, order, forms, files] = await Promise.all([
    readJsonFile(places.marker, ModelMarker),
    readJsonFile(places.order, InstallOrder),
    preparedForms(places.prepared),
    ownFiles(places),
  ]);
  const isThere = await isReadable(marker?.folder ?? places.root);
  return { id, places, marker, order, forms, diskBytes: takenBytes(files), missing: missingOf(marker, files), isThere };
}

function missingOf(marker: ModelMarker | null, files: readonly OwnFile[]): string[] {
  if (marker === null || marker.origin === 'reference' || !marker.hasOriginals) return [];
  const there = new Set(files.map(({ path }) => path));
  return marker.files.map(({ path }) => path).filter((path) => isShard(path) && !there.has(join('checkpoint', path)));
}

/** As the window shows it. */
export function describeInstalled(model: StoredModel): InstalledModel | null {
  const { marker, places, forms, diskBytes } = model;
  if (marker === null) return null;
  return {
    ...{ origin: marker.origin, folder: marker.folder ?? places.root, revision: marker.revision, diskBytes },
    hasOriginals: marker.hasOriginals,
    prepared: forms.map(({ precision, device, bytes }) => ({ precision, device, bytes })),
    problem: problemOf(model),
  };
}

/** What keeps it from answering. */
export function problemOf({ marker, isThere, missing }: StoredModel): WireError | null {
  if (marker === null) return null;
  if (!isThere) return wire(new AppError('library.folderGone', { folder: marker.folder ?? '' }));
  const files = [...new Set([...marker.damaged, ...missing])];
  return files.length === 0
    ? null
    : wire(new AppError('library.damaged', { name: marker.name, files: files.join(', ') }));
}

/** How it is loaded. */
export function configured({ id, places, forms }: StoredModel, marker: ModelMarker): ConfiguredModel {
  return {
    ...{ modelId: id, name: marker.name, isDemo: false, fingerprint: marker.fingerprint },
    ...{ folder: marker.folder ?? places.checkpoint, preparedFolder: places.prepared },
    forms: marker.hasOriginals ? null : forms.map(({ precision, device }) => ({ precision, device })),
  };
}

const wire = ({ code, params }: AppError): WireError => ({ code, params: { ...params } });

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // gone, or on a drive that is not there: the same for whoever wants to load it
  }
}
