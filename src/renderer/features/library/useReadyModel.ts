import { useState } from 'react';
import type { LibraryModel, LibraryState, ModelId } from '../../../shared/library';

/** The model that became ready while this window watched, until it is chosen or put off. */
export function useReadyModel(library: LibraryState | null) {
  const [seen, setSeen] = useState<LibraryState | null>(null);
  const [readyId, setReadyId] = useState<ModelId | null>(null);
  if (library !== seen) {
    setSeen(library);
    const fresh = seen === null ? undefined : library?.models.find((model) => becameReady(model, seen));
    if (fresh) setReadyId(fresh.id);
  }
  const ready = library?.models.find(({ id, isChosen }) => id === readyId && !isChosen) ?? null;
  return { ready, putOff: () => setReadyId(null) };
}

const isReady = ({ installed, installation }: LibraryModel): boolean =>
  installed !== null && installed.problem === null && installation === null;

function becameReady(model: LibraryModel, before: LibraryState): boolean {
  const was = before.models.find(({ id }) => id === model.id);
  return isReady(model) && (was === undefined || !isReady(was));
}
