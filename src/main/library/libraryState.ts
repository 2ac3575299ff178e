import type { CheckOutcome, Installation, InstalledModel, LibraryModel, ModelId } from '../../shared/library';
import { demoModelId } from '../../shared/library';
import type { ConfiguredModel } from '../model/configuredModel';
import { type CatalogModel, publishedBytes } from './catalog';
import { describeInstalled, type StoredModel } from './storedModel';

type Known = {
  readonly catalog: readonly CatalogModel[];
  readonly stored: ReadonlyMap<ModelId, StoredModel>;
  readonly demo: ConfiguredModel;
  readonly chosenId: ModelId;
  readonly installationOf: (modelId: ModelId) => Installation | null;
  readonly checkOf: (modelId: ModelId) => CheckOutcome | null;
};

/** All models there are or could be: the demo, the catalog in its order, then what came from folders of the user's. */
export function describeModels({ catalog, stored, demo, chosenId, installationOf, checkOf }: Known): LibraryModel[] {
  const listed = new Set(catalog.map(({ id }) => id));
  const state = (id: ModelId) => ({
    isChosen: id === chosenId,
    installation: installationOf(id),
    check: checkOf(id),
  });
  const installedOf = (id: ModelId) => {
    const model = stored.get(id);
    return model === undefined ? null : describeInstalled(model);
  };
  const bundled: InstalledModel = {
    ...{ origin: 'bundled', folder: demo.folder, revision: null, diskBytes: 0, hasOriginals: true, prepared: [] },
    problem: null,
  };
  const own = [...stored.values()].filter(({ id, marker, order }) => !listed.has(id) && (marker ?? order) !== null);
  return [
    {
      ...{ id: demoModelId, name: demo.name, isDemo: true, licence: null, downloadBytes: null },
      ...{ ...state(demoModelId), installed: bundled },
    },
    ...catalog.map(({ id, name, licence, shape }) => ({
      ...{ id, name, isDemo: false, licence, downloadBytes: publishedBytes(shape) },
      ...{ ...state(id), installed: installedOf(id) },
    })),
    ...own.map(({ id, marker, order }) => ({
      ...{ id, name: marker?.name ?? (order?.kind === 'copy' ? order.name : id), isDemo: false },
      ...{ licence: null, downloadBytes: null, ...state(id), installed: installedOf(id) },
    })),
  ];
}
