import { mkdir } from 'node:fs/promises';
import { AppError } from '../../shared/appError';
import { ModelId } from '../../shared/library';
import { onDisk } from '../download/diskErrors';
import { volumeOf } from '../system/volumeOf';
import { claim, lockModels, readClaim } from './modelsFolder';
import { type ModelPlaces, modelPlaces } from './modelPlaces';
import { namesIn } from './ownFiles';
import { finishRemoval } from './removal';
import { interruptedMove, isOfSystem, settleMove } from './settleMove';
import { readStored, type StoredModel } from './storedModel';

type Unlock = () => Promise<void>;

/** The models folder, and what was found in it. One Deskmate at a time may change it; others read what is there. */
export class Shelf {
  readonly #models = new Map<ModelId, StoredModel>();
  #freeBytes: number | null = null;
  #usedBytes = 0;
  /** Null while the folder is not there, cannot be written, or is another's. */
  #unlock: Unlock | null = null;
  #isOthers = false;

  constructor(private place: { readonly folder: string; readonly isUsual: boolean }) {}

  get folder(): string {
    return this.place.folder;
  }

  get all(): ReadonlyMap<ModelId, StoredModel> {
    return this.#models;
  }

  /** As it was when the folder was last looked at. */
  get freeBytes(): number | null {
    return this.#freeBytes;
  }

  /** What Deskmate's files take, those of unfinished installations too. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether another Deskmate works in this folder. */
  get isOthers(): boolean {
    return this.#isOthers;
  }

  /** Reads the folder, and ends what a kill interrupted there. */
  async open(): Promise<void> {
    await this.#tryLock();
    if (this.#unlock !== null && (await interruptedMove(this.folder)) === null) await settleMove(this.folder);
    await this.look();
  }

  async close(): Promise<void> {
    await this.#unlock?.();
    this.#unlock = null;
  }

  /** Reads the folder anew: the disk knows best what is there. */
  async look(): Promise<void> {
    const found = (await namesIn(this.folder)).map((name) => ModelId.safeParse(name)).filter(({ success }) => success);
    const ids = found.map(({ data }) => data!);
    for (const id of this.#models.keys()) if (!ids.includes(id)) this.#models.delete(id);
    for (const id of ids) {
      if (this.#unlock !== null) await finishRemoval(modelPlaces(this.folder, id));
      await this.refresh(id);
    }
    await this.measure();
  }

  /** Another folder from now on, which holds the same and is locked already. Returns what unlocks the one before. */
  async switchTo(place: { readonly folder: string; readonly isUsual: boolean }, unlock: Unlock): Promise<Unlock> {
    const before = this.#unlock;
    [this.place, this.#unlock] = [place, unlock];
    await this.look(); // settling comes when nothing of the other folder is open any more
    return before ?? (() => Promise.resolve());
  }

  /** Before anything is written: makes the usual folder, and says that it is ours. One that the user chose is not made
   *  anew where its drive is away: throws `library.folderGone`; `library.folderInUse` where another Deskmate works in it. */
  async claim(): Promise<void> {
    if ((await readClaim(this.folder)) === null) {
      if (!this.place.isUsual) throw new AppError('library.folderGone', { folder: this.folder });
      await claim(this.folder);
    }
    await this.requireOwn();
  }

  /** Writes the first file of a model, and makes the folders for it. Throws `download.diskFull` or `.diskRefused` where the disk
   *  takes none, and what `claim` does. */
  begin(places: ModelPlaces, write: () => Promise<void>): Promise<void> {
    const begin = async (): Promise<void> => {
      await this.claim();
      await mkdir(places.root, { recursive: true });
      await write();
    };
    return onDisk(this.folder, begin());
  }

  /** Throws `library.folderInUse` while another Deskmate works in the folder. */
  async requireOwn(): Promise<void> {
    await this.#tryLock();
    if (this.#isOthers) throw new AppError('library.folderInUse', { folder: this.folder });
  }

  read = (id: ModelId): Promise<StoredModel> => readStored(this.folder, id);

  /** Looks at one model again. */
  async refresh(id: ModelId): Promise<StoredModel> {
    const model = await this.read(id);
    if (model.marker === null && model.order === null) this.#models.delete(id);
    else this.#models.set(id, model);
    return model;
  }

  /** How much the disk has free, of the nearest folder that is there, and how much of it the models take. */
  async measure(): Promise<void> {
    this.#freeBytes = (await volumeOf(this.folder))?.free ?? null;
    const now = await Promise.all([...this.#models.keys()].map(this.read));
    this.#usedBytes = now.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  }

  /** A folder that is not there, or cannot be written, needs no lock: nothing can be done to it. */
  async #tryLock(): Promise<void> {
    if (this.#unlock !== null) return;
    try {
      if ((await readClaim(this.folder)) === null) return;
      this.#unlock = await lockModels(this.folder);
      this.#isOthers = this.#unlock === null;
    } catch (error) {
      if (!isOfSystem(error)) throw error;
      this.#isOthers = false;
    }
  }
}
