import type { ModelShape } from '../../shared/verdict';
import type { CopyOrder, ModelMarker } from './records';

/** A checkpoint folder of the user's that was found whole. */
export type FoundFolder = {
  readonly name: string;
  readonly folder: string;
  readonly shape: ModelShape;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
};

/** Nothing of it is copied; it is read where it lies, and may change there. */
export const referenceTo = ({ name, folder, shape }: FoundFolder): ModelMarker => ({
  ...{ version: 1, name, origin: 'reference', folder, source: null, revision: null, fingerprint: null, licence: null },
  ...{ shape, hasOriginals: true, files: [], damaged: [] },
});

export const copyOf = ({ name, folder, shape, files }: FoundFolder): CopyOrder => ({
  ...{ kind: 'copy', name, from: folder, shape, isPaused: false, files: [...files], copied: [] },
});
