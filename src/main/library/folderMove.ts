import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import type { FolderMoveState } from '../../shared/library';
import { toWireError } from '../../shared/wireError';
import { orAborted } from '../app/orAborted';
import { modelPlaces } from './modelPlaces';
import { lockModels } from './modelsFolder';
import { moveModels } from './moveModels';
import { type OwnFile, ownFiles } from './ownFiles';
import { isOfSystem } from './settleMove';
import type { Shelf } from './shelf';

type Options = {
  readonly shelf: Shelf;
  /** Where models lie unless the user moved them. */
  readonly usual: string;
  /** Ends whatever installs something in the folder. */
  readonly hold: () => Promise<void>;
  /** Resolves when no model is being loaded; until the returned function is called none is. */
  readonly holdLoads: () => Promise<() => void>;
  /** Stores where models lie now. */
  readonly store: (modelsFolder: string | null) => Promise<unknown>;
  /** Opens the model that runs where it lies now. */
  readonly reload: () => Promise<void>;
  /** Goes on with what was held, wherever the models are. */
  readonly goOn: () => Promise<void>;
  readonly onChange: () => void;
  /** The app ends: the next start goes on. */
  readonly ended: AbortSignal;
  readonly reportBug: (bug: unknown) => void;
};

/**
 * The move of all models to another folder, one at a time. Meanwhile nothing is written in the first: installations are held,
 * and a model is loaded before the move begins or after it has ended, so that no prepared weights are left behind.
 */
export class FolderMove {
  #state: FolderMoveState | null = null;
  #running: { readonly ended: Promise<void>; readonly cancel: AbortController } | null = null;

  constructor(private readonly options: Options) {}

  /** Of the move that runs, or of the last one if it failed. */
  get state(): FolderMoveState | null {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Resolves when nothing is being moved. */
  async ended(): Promise<void> {
    await this.#running?.ended;
  }

  begin(to: string): void {
    const { onChange, goOn, ended, reportBug } = this.options;
    const cancel = new AbortController();
    this.#state = { to, stage: 'waiting', doneBytes: 0, totalBytes: 0, error: null };
    const moved = this.#run(to, cancel.signal)
      .then(
        () => (this.#state = null),
        (error: unknown) => (this.#state = cancel.signal.aborted ? null : this.#failed(error)),
      )
      .then(() => {
        this.#running = null;
        onChange();
        return ended.aborted ? undefined : goOn();
      })
      .catch(reportBug);
    this.#running = { ended: moved, cancel };
    onChange();
  }

  /** Leaves everything where it was; resolves when it is so. Once the new folder counts there is nothing to cancel. */
  async cancel(): Promise<void> {
    if (this.#state?.stage !== 'clearing') this.#running?.cancel.abort(new AppError('worker.ended'));
    await this.ended();
  }

  async #run(to: string, signal: AbortSignal): Promise<void> {
    const { shelf, hold } = this.options;
    await hold();
    const unlock = await lockModels(to).catch((error: unknown) => {
      throw isOfSystem(error) ? new AppError('folder.unwritable', { folder: to }, { cause: error }) : error;
    });
    if (unlock === null) throw new AppError('library.folderInUse', { folder: to });
    try {
      await this.#move(to, { signal, unlock });
    } finally {
      if (shelf.folder !== to) await unlock();
    }
  }

  async #move(to: string, { signal, unlock }: { signal: AbortSignal; unlock: () => Promise<void> }): Promise<void> {
    const { shelf, usual, holdLoads, store, reload, ended } = this.options;
    const holding = holdLoads();
    const letGo = async (): Promise<void> => (await holding)();
    try {
      await moveModels({
        ...{ from: shelf.folder, to, signal, suspend: ended },
        files: async (stop) => {
          await orAborted(holding, stop);
          await shelf.look();
          return this.#allFiles();
        },
        onProgress: (doneBytes, totalBytes) => this.#set({ stage: 'copying', doneBytes, totalBytes }),
        switchOver: async () => {
          this.#set({ stage: 'clearing' });
          await store(to === usual ? null : to);
        },
        release: async () => {
          const unlockFirst = await shelf.switchTo({ folder: to, isUsual: to === usual }, unlock);
          await letGo();
          await reload();
          await unlockFirst();
        },
      });
    } finally {
      void letGo();
    }
  }

  #set(change: Partial<FolderMoveState>): void {
    this.#state = { ...this.#state!, ...change };
    this.options.onChange();
  }

  #failed(error: unknown): FolderMoveState {
    return { ...this.#state!, error: toWireError(error, this.options.reportBug) };
  }

  async #allFiles(): Promise<OwnFile[]> {
    const { shelf } = this.options;
    const files = [...shelf.all.keys()].map(async (id) => {
      const own = await ownFiles(modelPlaces(shelf.folder, id));
      return own.map(({ path, sizeBytes }) => ({ path: join(id, path), sizeBytes }));
    });
    return (await Promise.all(files)).flat();
  }
}
