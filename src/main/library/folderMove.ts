import { join } from 'node:path';
import type { LibraryState } from '../../shared/library';
import { toWireError } from '../../shared/wireError';
import { modelPlaces } from './modelPlaces';
import { moveModels } from './moveModels';
import { type OwnFile, ownFiles } from './ownFiles';
import type { Shelf } from './shelf';

type Options = {
  readonly shelf: Shelf;
  /** Where models lie unless the user moved them. */
  readonly usual: string;
  /** Ends whatever writes in the folder. */
  readonly hold: () => Promise<void>;
  /** Stores where models lie now. */
  readonly store: (modelsFolder: string | null) => Promise<unknown>;
  /** Opens the model that runs where it lies now. */
  readonly reload: () => Promise<void>;
  /** Goes on with what was held, wherever the models are. */
  readonly goOn: () => Promise<void>;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
  readonly reportBug: (bug: unknown) => void;
};

/** The move of all models to another folder, one at a time. */
export class FolderMove {
  #state: LibraryState['move'] = null;
  #running: Promise<void> | null = null;

  constructor(private readonly options: Options) {}

  /** Of the move that runs, or of the last one if it failed. */
  get state(): LibraryState['move'] {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Resolves when nothing is being moved. */
  async ended(): Promise<void> {
    await this.#running;
  }

  begin(to: string): void {
    const { onChange, reportBug } = this.options;
    this.#state = { to, doneBytes: 0, totalBytes: 0, error: null };
    this.#running = this.#run(to)
      .then(
        () => (this.#state = null),
        (error: unknown) => (this.#state = { ...this.#state!, error: toWireError(error, reportBug) }),
      )
      .then(() => {
        this.#running = null;
        onChange();
        return this.options.goOn();
      })
      .catch(reportBug);
    onChange();
  }

  async #run(to: string): Promise<void> {
    const { shelf, usual, hold, store, reload, onChange, signal } = this.options;
    await hold();
    await shelf.look();
    await moveModels({
      ...{ from: shelf.folder, to, files: await this.#allFiles(), release: reload, signal },
      onProgress: (doneBytes, totalBytes) => {
        this.#state = { to, doneBytes, totalBytes, error: null };
        onChange();
      },
      switchOver: async () => {
        await store(to === usual ? null : to);
        await shelf.switchTo({ folder: to, isUsual: to === usual });
      },
    });
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
