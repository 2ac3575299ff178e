import { AppError } from '../../shared/appError';
import type { SourceCheck, SourceId } from '../../shared/library';
import { toWireError } from '../../shared/wireError';
import type { Network } from '../download/downloadOptions';
import { type HubRepository, repositoryAt } from '../download/hubRepository';
import { listRepository } from '../download/listRepository';
import { mayPass } from '../download/mayPass';
import { probeRepository } from '../download/probeRepository';
import type { CatalogModel } from './catalog';
import { neededFiles } from './checkpointFiles';
import type { DownloadOrder } from './records';

type Pinned = NonNullable<DownloadOrder['pinned']>;
export type SourceSettings = { readonly order: readonly SourceId[]; readonly customUrl: string | null };

/** What a source is asked for a byte of: small, and in every checkpoint. */
const probedFile = 'config.json';

/** The model's repository at every source that the settings name, in their order. A source that was pinned keeps its commit. */
export function repositoriesOf(
  { repositories }: CatalogModel,
  { order, customUrl }: SourceSettings,
  pinned: Pinned | null,
): HubRepository[] {
  const all = order.map((source) => repositoryAt(source, repositories[protocolOf(source)], customUrl));
  return all
    .filter((repository) => repository !== null)
    .map((repository) =>
      pinned !== null && hasSameCommits(repository.source, pinned.source)
        ? { ...repository, revision: pinned.revision }
        : repository,
    );
}

const protocolOf = (source: SourceId) => (source === 'modelscope' ? 'modelscope' : 'huggingFace');

/** A mirror has the commits of what it mirrors. */
const hasSameCommits = (one: SourceId, other: SourceId): boolean =>
  one === other || [one, other].every((source) => source === 'huggingFace' || source === 'hfMirror');

/**
 * Asks one source after the other for a byte and for its list of files; the first that gives both decides what is fetched.
 * Throws the first error of a source that may be back by itself, or else the first error.
 */
export async function connect(
  model: CatalogModel,
  settings: SourceSettings,
  { network, signal }: { network: Network; signal: AbortSignal },
): Promise<Pinned> {
  const errors: AppError[] = [];
  for (const repository of repositoriesOf(model, settings, null)) {
    try {
      await probeRepository(repository, probedFile, { network, signal });
      const { revision, files } = await listRepository(repository, network, signal);
      return { source: repository.source, revision, files: neededFiles(files) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      errors.push(error);
    }
  }
  throw errors.find(mayPass) ?? errors[0] ?? new AppError('download.noSource');
}

/** Asks every source at once for a byte of a model. */
export function checkSources(
  model: CatalogModel,
  settings: SourceSettings,
  { network, signal, reportBug }: { network: Network; signal: AbortSignal; reportBug: (bug: unknown) => void },
): Promise<SourceCheck[]> {
  const check = async (repository: HubRepository): Promise<SourceCheck> => {
    const { source } = repository;
    const startMs = network.clock.nowMs();
    try {
      const milliseconds = await probeRepository(repository, probedFile, { network, signal });
      return { source, isReachable: true, milliseconds, error: null };
    } catch (error) {
      const milliseconds = Math.round(network.clock.nowMs() - startMs);
      return { source, isReachable: false, milliseconds, error: toWireError(error, reportBug) };
    }
  };
  return Promise.all(repositoriesOf(model, settings, null).map(check));
}
