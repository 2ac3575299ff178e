import { z } from 'zod';
import { askJson } from './askJson';
import type { Network } from './downloadOptions';
import { HubListing } from './hubListing';
import { hostOf, type HubRepository } from './hubRepository';

/** `Revision` is the commit that last changed the file. */
const Entry = z.object({
  Type: z.string(),
  Path: z.string(),
  Size: z.number(),
  Sha256: z.string().nullish(),
  Revision: z.string().nullish(),
});
type Entry = z.infer<typeof Entry>;
/** An unknown revision is answered with `Files: null`. */
const Answer = z.object({
  Code: z.literal(200),
  Data: z.object({
    Files: z.array(Entry),
    LatestCommitter: z.object({ Id: z.string().nullish(), ShortId: z.string().nullish() }).nullish(),
  }),
});

/** Lists a repository by ModelScope's protocol. */
export async function listModelScope(
  repository: HubRepository,
  network: Network,
  signal: AbortSignal,
): Promise<HubListing> {
  const query = new URLSearchParams({ Revision: repository.revision, Recursive: 'true' });
  const url = `${repository.baseUrl}/api/v1/models/${repository.name}/repo/files?${query.toString()}`;
  const { json } = await askJson({ url, host: hostOf(repository) }, network, signal);
  const { Files, LatestCommitter } = Answer.parse(json).Data;
  const blobs = Files.filter(({ Type }) => Type === 'blob');
  const commit = commitOf(LatestCommitter, blobs);
  return HubListing.parse({ revision: commit ?? repository.revision, files: blobs.map(toHubFile) });
}

/** The whole id is often left empty; the file that the newest commit changed tells it. Null where nothing does. */
function commitOf(latest: z.infer<typeof Answer>['Data']['LatestCommitter'], blobs: readonly Entry[]): string | null {
  if (latest?.Id) return latest.Id;
  const short = latest?.ShortId;
  return (short && blobs.find(({ Revision }) => Revision?.startsWith(short))?.Revision) || null;
}

const toHubFile = ({ Path, Size, Sha256 }: Entry) => ({
  path: Path,
  sizeBytes: Size,
  sha256: Sha256 ? Sha256.toLowerCase() : null,
  gitId: null,
});
