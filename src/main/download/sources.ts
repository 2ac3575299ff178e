import { AppError } from '../../shared/appError';
import { backoffMs } from './backoff';
import type { Network } from './downloadOptions';
import { canBe, hasHash, type HubFile, type HubListing } from './hubListing';
import { hostOf, type HubRepository } from './hubRepository';
import { listRepository } from './listRepository';
import { mayPass } from './mayPass';
import { Slowness, slowWindowMs } from './slowness';

/** Failures in a row after which the next source is tried, and after which the last one is given up. */
const patience = { another: 3, last: 8 };
const mostWrongHashes = 2;
/** A source that wants us to come back later than this has refused. */
const longestRetryAfterSeconds = 600;
/** Above any backoff: for a source that wants more time, another one is asked meanwhile. */
const longWaitMs = 60_000;
/** A request that broke off with less than that was of no more use than a slow one. */
const usefulBytes = 64 << 10;

/** The right to ask one source for one file. */
export type Lease = {
  readonly repository: HubRepository;
  readonly file: HubFile;
  /** When it was given: requests that ran at the same time and fail together count once. */
  readonly sinceMs: number;
  /** How long what it brings may be slow. */
  readonly slowWindowMs: number;
};

type Standing = {
  /** In a row, without a byte in between. */
  failures: number;
  failedAtMs: number;
  /** Times that what it sent had the wrong hash. */
  wrongHashes: number;
  hasServed: boolean;
  isOut: boolean;
};
type Source = {
  readonly repository: HubRepository;
  readonly slowness: Slowness;
  listing: Promise<HubListing> | null;
  notBeforeMs: number;
};

/** Who is asked for what: the sources in order, and what each has done to us in this run. */
export class Sources {
  readonly #sources: Source[];
  readonly #standings = new Map<string, Standing>();
  /** What ends it when no source is left: rather an error that may pass by itself, if any source had one. */
  #lastError: AppError | null = null;

  constructor(
    repositories: readonly HubRepository[],
    private readonly network: Network & { readonly signal: AbortSignal },
    private readonly onFailure: (error: AppError) => void,
  ) {
    if (repositories.length === 0) throw new Error('A download needs a source');
    this.#sources = repositories.map((repository) => ({
      ...{ repository, slowness: new Slowness(network.clock), listing: null, notBeforeMs: 0 },
    }));
  }

  /** The first source that serves this very file, when its time has come. Throws the last error when none is left. */
  async lease(file: HubFile): Promise<Lease> {
    const { clock, signal } = this.network;
    for (;;) {
      signal.throwIfAborted();
      const source = this.#choose(file);
      if (source === undefined) throw this.#lastError!; // nobody is out without one
      const waitMs = this.#waitMs(source);
      if (waitMs > 0) await clock.wait(waitMs, signal);
      const repository = await this.#pinned(source, file);
      if (repository === null) continue;
      const times = Math.min(...this.#left(file).map(({ slowness }) => slowness.times));
      return { repository, file, sinceMs: clock.nowMs(), slowWindowMs: slowWindowMs(times) };
    }
  }

  /** It sends. */
  worked(lease: Lease): void {
    const standing = this.#standing(this.#sourceOf(lease), lease.file);
    standing.failures = 0;
    standing.hasServed = true;
  }

  /** The request ended with an error, after so many bytes. */
  failed(lease: Lease, error: AppError, gotBytes: number): void {
    const source = this.#sourceOf(lease);
    const isSlow = error.code === 'download.slow';
    if (isSlow || (gotBytes > 0 && gotBytes < usefulBytes)) source.slowness.note(lease.sinceMs);
    // Whoever is slow does send: another connection may be tried at once, and nothing ever ends for it.
    if (isSlow) this.onFailure(error);
    else this.#fail(source, lease, error);
  }

  /** The file came out wrong: whoever sent bytes of it is asked again only when there is nobody else. */
  suspect(file: HubFile): void {
    for (const source of this.#sources) {
      const standing = this.#standing(source, file);
      if (standing.hasServed) standing.wrongHashes++;
      standing.hasServed = false;
    }
  }

  #left = (file: HubFile): Source[] =>
    this.#sources.filter(
      (source) => !this.#standing(source, file).isOut && this.#waitMs(source) <= longestRetryAfterSeconds * 1000,
    );

  #choose(file: HubFile): Source | undefined {
    const badness = (source: Source): readonly number[] => [
      this.#standing(source, file).wrongHashes,
      Number(this.#waitMs(source) > longWaitMs),
      source.slowness.rank,
    ];
    return this.#left(file).sort((one, other) => firstDifference(badness(one), badness(other)))[0];
  }

  #waitMs = ({ notBeforeMs }: Source): number => notBeforeMs - this.network.clock.nowMs();

  /** The repository at its commit, if it lists the file; otherwise the source is out for this file. */
  async #pinned(source: Source, file: HubFile): Promise<HubRepository | null> {
    const sinceMs = this.network.clock.nowMs();
    try {
      source.listing ??= listRepository(source.repository, this.network, this.network.signal);
      const { revision, files } = await source.listing;
      if (files.some((listed) => canBe(listed, file)) && this.#mayServe(source, file))
        return { ...source.repository, revision };
      const host = hostOf(source.repository);
      this.#lastError ??= new AppError('download.changed', { host, file: file.path });
      this.#standing(source, file).isOut = true;
    } catch (error) {
      source.listing = null;
      if (!(error instanceof AppError)) throw error;
      this.#fail(source, { file, sinceMs }, error);
    }
    return null;
  }

  /** Bytes that no hash will check come from one place. */
  #mayServe = (source: Source, file: HubFile): boolean => hasHash(file) || source === this.#sources[0];

  #fail(source: Source, lease: Pick<Lease, 'file' | 'sinceMs'>, error: AppError): void {
    if (this.#lastError === null || !mayPass(this.#lastError) || mayPass(error)) this.#lastError = error;
    this.onFailure(error);
    if (error.code === 'download.changed') source.listing = null; // what it lists now decides
    const standing = this.#standing(source, lease.file);
    if (error.code === 'download.checksum') standing.isOut = ++standing.wrongHashes > mostWrongHashes;
    if (standing.failedAtMs > lease.sinceMs) return;
    standing.failures++;
    standing.failedAtMs = this.network.clock.nowMs();
    const waitMs = Math.max(backoffMs(standing.failures), retryAfterSeconds(error) * 1000);
    source.notBeforeMs = Math.max(source.notBeforeMs, standing.failedAtMs + waitMs);
    const hasOther = this.#sources.some((other) => other !== source && !this.#standing(other, lease.file).isOut);
    const isMixed = error.code === 'download.changed' && !hasHash(lease.file);
    standing.isOut ||= isMixed || isFinal(error) || standing.failures >= (hasOther ? patience.another : patience.last);
  }

  #sourceOf = ({ repository }: Lease): Source =>
    this.#sources.find((source) => source.repository.source === repository.source)!;

  #standing({ repository }: Source, file: HubFile): Standing {
    const key = `${repository.source} ${file.path}`;
    const known = this.#standings.get(key) ?? {
      failures: 0,
      failedAtMs: -Infinity,
      wrongHashes: 0,
      hasServed: false,
      isOut: false,
    };
    this.#standings.set(key, known);
    return known;
  }
}

/** Below zero where `one` comes first. */
const firstDifference = (one: readonly number[], other: readonly number[]): number =>
  one.map((value, index) => value - other[index]!).find((difference) => difference !== 0) ?? 0;

const retryAfterSeconds = ({ code, params }: AppError): number =>
  code === 'download.rateLimited' ? Number(params['seconds']) : 0;

/** Asking again would give the same: not found, not allowed, or not before long. */
function isFinal(error: AppError): boolean {
  if (retryAfterSeconds(error) > longestRetryAfterSeconds) return true;
  const status = Number(error.params['status']);
  return error.code === 'download.refused' && status >= 400 && status < 500 && status !== 408;
}
