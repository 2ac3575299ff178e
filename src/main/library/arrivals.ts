import { AppError } from '../../shared/appError';
import { heldBytes } from '../../shared/diskNeed';
import type { WorkerInput } from '../../shared/workerProtocol';
import type { PartConsumer } from '../download/downloadOptions';
import type { Part, WantedFile } from '../download/downloadPlan';
import type { WorkerHost } from '../inference/workerHost';
import { type ShardPart, smallBytes, type TensorPlace } from './shardParts';

type Options = {
  readonly host: Pick<WorkerHost, 'request'>;
  readonly request: WorkerInput<'prepareArriving'>;
  readonly parts: readonly ShardPart[];
  /** Whether parts may be deleted once they are prepared. */
  readonly releases: boolean;
  readonly onPrepared: (doneBytes: number) => void;
  /** Preparing cannot go on: neither need the download. */
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
};

type Waiter = {
  readonly part: ShardPart;
  readonly resolve: (end: 'keep' | 'release') => void;
  readonly reject: (error: unknown) => void;
};

/** Hands parts of shards to the prepare process as they arrive, and tells the download when each is needed no more. */
export class Arrivals implements PartConsumer {
  readonly maxHeldBytes = heldBytes;
  readonly #parts: ReadonlyMap<string, ShardPart>;
  readonly #shardOf: ReadonlyMap<string, string>;
  readonly #prepared = new Set<string>();
  /** Parts whose tensors were told of. */
  readonly #arrived = new Map<string, ShardPart>();
  /** Shards that gave a tensor no checkpoint may have. If the shard's hash is wrong, too, it only came damaged. */
  readonly #suspects = new Map<string, AppError>();
  #waiters: Waiter[] = [];
  #preparing: Promise<unknown>;

  constructor(private readonly options: Options) {
    this.#parts = new Map(options.parts.map((part) => [keyOf(part), part]));
    const tensors = options.parts.flatMap((part) => part.tensors);
    this.#shardOf = new Map(tensors.map(({ name, shard }) => [name, shard]));
    this.#preparing = this.#prepare();
  }

  async consume(part: Part): Promise<'keep' | 'release'> {
    const known = this.#parts.get(keyOf(part));
    const needed = known?.tensors.filter(({ isNeeded }) => isNeeded) ?? [];
    if (known === undefined || known.tensors.length === 0) return 'keep'; // a small file, or a header
    if (needed.length === 0) return this.options.releases ? 'release' : 'keep';
    this.#arrived.set(keyOf(known), known);
    await this.#tell(needed, known);
    // Norms and biases are made at the very end; they are too small to wait for.
    if (!this.options.releases || needed.every(({ byteLength }) => byteLength < smallBytes)) return 'keep';
    return new Promise((resolve, reject) => {
      this.#waiters.push({ part: known, resolve, reject });
      this.#settleWaiters();
    });
  }

  async forget({ path }: WantedFile): Promise<void> {
    const parts = [...this.#parts.values()].filter(({ tensors }) => tensors.some(({ shard }) => shard === path));
    const tensors = parts.flatMap((part) => part.tensors).filter(({ isNeeded }) => isNeeded);
    if (tensors.length === 0) return;
    this.#suspects.delete(path);
    this.#waiters = this.#waiters.filter(({ part }) => !parts.includes(part)); // they will be offered again
    for (const part of parts) this.#arrived.delete(keyOf(part));
    await this.options.host.request('forget', { tensors: tensors.map(({ name }) => name) });
    for (const { name } of tensors) this.#prepared.delete(name); // also what was just being made
    this.#tellPrepared();
  }

  /** Everything is here and right: makes the prepared folder whole. */
  async conclude(): Promise<void> {
    const [suspect] = this.#suspects.values();
    if (suspect !== undefined) throw suspect;
    await this.options.host.request('conclude', {});
    await this.#preparing;
  }

  #prepare(): Promise<unknown> {
    const { host, request, signal } = this.options;
    const onEvent = ({ tensors }: { tensors: string[] }): void => {
      for (const name of tensors) this.#prepared.add(name);
      this.#tellPrepared();
      this.#settleWaiters();
    };
    const preparing = host.request('prepareArriving', request, { onEvent, signal });
    preparing.catch((error: unknown) => this.#fail(error));
    return preparing;
  }

  /** Of what is here and right: what was forgotten is not prepared any more, whatever was made of it. */
  #tellPrepared(): void {
    const tensors = this.options.parts.flatMap((part) => part.tensors);
    const prepared = tensors.filter(({ name, isNeeded }) => isNeeded && this.#prepared.has(name));
    this.options.onPrepared(prepared.reduce((sum, { byteLength }) => sum + byteLength, 0));
  }

  /** A tensor that no checkpoint may have can have come damaged: its shard's hash, which is known later, decides. */
  #fail(error: unknown): void {
    const shard = this.options.signal.aborted ? null : this.#shardBehind(error);
    if (shard === null || !(error instanceof AppError)) {
      for (const { reject } of this.#waiters.splice(0)) reject(error);
      return this.options.onFailure(error);
    }
    this.#suspects.set(shard, error);
    this.#preparing = this.#prepare();
    for (const part of this.#arrived.values())
      this.#tell(
        part.tensors.filter(({ isNeeded }) => isNeeded),
        part,
      ).catch((failure: unknown) => this.options.onFailure(failure));
    this.#settleWaiters();
  }

  /** The shard of the tensor that an error of preparing names; null where it is no tensor's fault. */
  #shardBehind(error: unknown): string | null {
    if (!(error instanceof AppError) || !error.code.startsWith('checkpoint.')) return null;
    return this.#shardOf.get(String(error.params['tensor'])) ?? null;
  }

  async #tell(tensors: readonly TensorPlace[], part: ShardPart): Promise<void> {
    const isWanted = ({ name, shard }: TensorPlace) => !this.#prepared.has(name) && !this.#suspects.has(shard);
    const arriving = tensors.filter(isWanted).map(({ name, offset }) => ({
      ...{ name, file: part.path, offset: part.offset + offset - part.start },
    }));
    if (arriving.length > 0) await this.options.host.request('arrive', { tensors: arriving });
  }

  #settleWaiters(): void {
    const isPrepared = ({ part }: Waiter) =>
      part.tensors.every(({ name, isNeeded }) => !isNeeded || this.#prepared.has(name));
    const isSuspect = ({ part }: Waiter) => part.tensors.some(({ shard }) => this.#suspects.has(shard));
    const settled = this.#waiters.filter((waiter) => isPrepared(waiter) || isSuspect(waiter));
    this.#waiters = this.#waiters.filter((waiter) => !settled.includes(waiter));
    for (const waiter of settled) waiter.resolve(isPrepared(waiter) ? 'release' : 'keep');
  }
}

const keyOf = ({ path, offset }: Part): string => `${path} ${offset}`;
