import { useState } from 'react';
import type { LibraryModel, LibraryState, ModelId } from '../../../shared/library';

type Seen = {
  readonly library: LibraryState | null;
  /** What could not be used when this window last looked. */
  readonly missing: ReadonlySet<ModelId>;
  readonly readyId: ModelId | null;
};

/** The model that became ready while this window watched, until it is chosen or put off. */
export function useReadyModel(library: LibraryState | null) {
  const [seen, setSeen] = useState<Seen>({ library: null, missing: new Set(), readyId: null });
  if (library !== null && library !== seen.library) setSeen(seenNow(seen, library));
  const ready = library?.models.find(({ id, isChosen }) => id === seen.readyId && !isChosen) ?? null;
  return { ready, putOff: () => setSeen({ ...seen, readyId: null }) };
}

function seenNow(before: Seen, library: LibraryState): Seen {
  const wasMissing = (id: ModelId): boolean =>
    before.library !== null && (before.missing.has(id) || !before.library.models.some((model) => model.id === id));
  const fresh = library.models.find((model) => isUsable(model) && model.installation === null && wasMissing(model.id));
  const isStillMissing = (model: LibraryModel): boolean =>
    !isUsable(model) || (model.installation !== null && wasMissing(model.id));
  return {
    library,
    missing: new Set(library.models.filter(isStillMissing).map(({ id }) => id)),
    readyId: fresh?.id ?? before.readyId,
  };
}

const isUsable = ({ installed }: LibraryModel): boolean => installed !== null && installed.problem === null;
