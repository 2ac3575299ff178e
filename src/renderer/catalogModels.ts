import type { LibraryModel, LibraryState } from '../shared/library';

/**
 * Which model of the catalog a question is about that names none: the one that is being fetched, else the one that answers, else the
 * main one, which the catalog has first. Null until main has told.
 */
export function modelInQuestion(library: LibraryState | null): LibraryModel | null {
  const models = library?.models.filter(isInCatalog) ?? [];
  return (
    models.find(({ installation }) => installation !== null) ??
    models.find(({ isChosen }) => isChosen) ??
    models[0] ??
    null
  );
}

/** What can be fetched: the demo is here, and a folder of the user's has no licence. */
export const isInCatalog = ({ isDemo, licence }: LibraryModel): boolean => !isDemo && licence !== null;
