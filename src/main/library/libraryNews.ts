import type { LibraryModel, LibraryState } from '../../shared/library';
import type { WireError } from '../../shared/wireError';

/** What someone who looks elsewhere wants to hear of. `stopped` and `notMoved` need the user. */
export type News =
  | { readonly what: 'ready'; readonly name: string }
  | { readonly what: 'stopped'; readonly name: string; readonly error: WireError }
  | { readonly what: 'moved'; readonly folder: string }
  | { readonly what: 'notMoved'; readonly error: WireError };

/** What has happened from one state of the library to a later one. */
export function newsBetween(before: LibraryState, now: LibraryState): News[] {
  const ofModels = now.models.flatMap((model) =>
    newsOf(before.models.find(({ id }) => id === model.id) ?? null, model),
  );
  return [...ofModels, ...newsOfMove(before, now)];
}

/** That there is no network is no news: it goes on by itself. */
function newsOf(before: LibraryModel | null, { name, installation, installed }: LibraryModel): News[] {
  const earlier = before?.installation ?? null;
  if (installation === null) return earlier !== null && installed?.problem === null ? [{ what: 'ready', name }] : [];
  const { pause, error } = installation;
  const needsUser = (pause === 'diskFull' || pause === 'failed') && pause !== earlier?.pause;
  return needsUser && error !== null ? [{ what: 'stopped', name, error }] : [];
}

function newsOfMove(before: LibraryState, now: LibraryState): News[] {
  if (before.move === null || before.move.error !== null) return [];
  if (now.move === null) return now.folder === before.move.to ? [{ what: 'moved', folder: now.folder }] : [];
  return now.move.error === null ? [] : [{ what: 'notMoved', error: now.move.error }];
}
