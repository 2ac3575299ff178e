import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { askJson } from './askJson';
import type { Network } from './downloadOptions';
import { type HubFile, HubListing } from './hubListing';
import { hostOf, type HubRepository } from './hubRepository';

/** A thousand entries a page. */
const maxPages = 20;
/** Above what any hub puts on one. */
const maxEntries = 20_000;

const Commit = z.object({ sha: z.string() });
/** `oid` is Git's blob id; of a file in large file storage it is that of the pointer, and `lfs.oid` the SHA-256 of its bytes. */
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  oid: z.string(),
  size: z.number(),
  lfs: z.object({ oid: z.string(), size: z.number() }).optional(),
});

/** Lists a repository by Hugging Face's protocol: the commit behind the revision, then its tree, page by page. */
export async function listHuggingFace(
  repository: HubRepository,
  network: Network,
  signal: AbortSignal,
): Promise<HubListing> {
  const host = hostOf(repository);
  const api = `${repository.baseUrl}/api/models/${repository.name}`;
  const commit = await askJson(
    { url: `${api}/revision/${encodeURIComponent(repository.revision)}`, host },
    network,
    signal,
  );
  const revision = Commit.parse(commit.json).sha;
  const files: HubFile[] = [];
  let query: string | null = '?recursive=true';
  for (let page = 0; query !== null; page++) {
    if (page === maxPages) throw new AppError('download.invalidAnswer', { host });
    const { json, headers } = await askJson({ url: `${api}/tree/${revision}${query}`, host }, network, signal);
    for (const entry of z.array(Entry).max(maxEntries).parse(json)) if (isFile(entry)) files.push(toHubFile(entry));
    query = nextQuery(headers);
  }
  return HubListing.parse({ revision, files });
}

const isFile = ({ type }: z.infer<typeof Entry>): boolean => type === 'file';

const toHubFile = ({ path, oid, size, lfs }: z.infer<typeof Entry>) =>
  lfs === undefined
    ? { path, sizeBytes: size, sha256: null, gitId: oid }
    : { path, sizeBytes: lfs.size, sha256: lfs.oid, gitId: null };

/** Only the query of the next page's address: mirrors pass on an address at the hub that they mirror. */
function nextQuery(headers: Headers): string | null {
  const next = /<([^>]+)>\s*;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return next === undefined ? null : new URL(next, 'https://huggingface.co').search;
}
