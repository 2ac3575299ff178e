import type { DownloadOrder, ModelMarker } from './records';

/** The very files that a model was made of, as a download names them: what is made of them again is of the same weights,
 *  whatever hashes its source lists today. Null for what came from no source. */
export function pinnedBy({ source, revision, files }: ModelMarker): DownloadOrder['pinned'] {
  if (source === null || revision === null) return null;
  return {
    ...{ source, revision },
    files: files.map(({ path, sizeBytes, sha256 }) => ({ path, sizeBytes, sha256, gitId: null })),
  };
}
