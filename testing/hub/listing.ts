import { isLarge, type PublishedRepository } from './publishedRepository';

type Commit = PublishedRepository['commits'][number];

/** `GET /api/models/{repo}/tree/{revision}?recursive=true` of huggingface.co. */
export const huggingFaceTree = (repository: PublishedRepository, commit: Commit): readonly unknown[] =>
  entriesOf(repository, commit).map(({ path, listed, sizeBytes, sha256, gitId }) => ({
    type: 'file',
    oid: gitId,
    size: sizeBytes,
    path: listed,
    ...(isLarge(path) && sha256 !== null && { lfs: { oid: sha256, size: sizeBytes, pointerSize: 135 } }),
  }));

/** `GET /api/v1/models/{repo}/repo/files?Revision=…&Recursive=true` of modelscope.cn; an unknown revision has no files. */
export function modelScopeFiles(repository: PublishedRepository, commit: Commit | undefined): unknown {
  const files =
    commit &&
    entriesOf(repository, commit).map(({ path, listed, sizeBytes, sha256 }) => ({
      Name: listed.split('/').at(-1),
      Path: listed,
      Type: 'blob',
      Size: sizeBytes,
      Sha256: sha256 ?? '',
      IsLFS: isLarge(path),
      Revision: commit.id,
      CommittedDate: 1_700_000_000,
    }));
  const folder = { Name: 'folder', Path: 'folder', Type: 'tree', Size: 0, Sha256: '', IsLFS: false, Revision: '' };
  const LatestCommitter = commit ? { Id: '', ShortId: commit.id.slice(0, 8) } : null;
  const Data = { Files: files ? [folder, ...files] : null, IsVisual: 0, LatestCommitter };
  return { Code: 200, Data, Message: 'success', RequestId: 'hub', Success: true };
}

const entriesOf = ({ lies }: PublishedRepository, { files }: Commit) =>
  [...files].map(([path, { bytes, sha256, gitId }]) => {
    const lie = lies.get(path);
    const hash = lie?.sha256 === undefined ? sha256 : lie.sha256;
    return { path, listed: lie?.path ?? path, sizeBytes: lie?.sizeBytes ?? bytes.length, sha256: hash, gitId };
  });
