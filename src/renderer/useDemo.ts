import { useCallback } from 'react';
import type { LibraryState } from '../shared/library';
import { call } from './ipc';

/** Makes the bundled demo the model that answers. */
export function useDemo(library: LibraryState | null): () => Promise<unknown> {
  const demoId = library?.models.find(({ isDemo }) => isDemo)?.id;
  return useCallback(
    () => (demoId === undefined ? Promise.resolve() : call('library.choose', { modelId: demoId })),
    [demoId],
  );
}
