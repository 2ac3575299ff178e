import { AppError } from '../../shared/appError';
import { ModelId } from '../../shared/library';
import { volumeOf } from '../system/volumeOf';
import { claim, readClaim } from './modelsFolder';
import { modelPlaces } from './modelPlaces';
import { settleMove } from './moveModels';
import { namesIn } from './ownFiles';
import { finishRemoval } from './removal';
import { readStored, type StoredModel } from './storedModel';

/** The models folder, and what was found in it. */
export class Shelf {
  readonly #models = new Map<ModelId, StoredModel>();
  #freeBytes: number | null = null;

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

  /** Reads the folder, and ends what a kill interrupted there. */
  async open(): Promise<void> {
    await settleMove(this.folder);
    await this.look();
  }

  /** Reads the folder anew: the disk knows best what is there. */
  async look(): Promise<void> {
    const found = (await namesIn(this.folder)).map((name) => ModelId.safeParse(name)).filter(({ success }) => success);
    const ids = found.map(({ data }) => data!);
    for (const id of this.#models.keys()) if (!ids.includes(id)) this.#models.delete(id);
    for (const id of ids) {
      await finishRemoval(modelPlaces(this.folder, id));
      await this.refresh(id);
    }
    await this.measure();
  }

  /** Another folder from now on, which holds the same. */
  async switchTo(place: { readonly folder: string; readonly isUsual: boolean }): Promise<void> {
    this.place = place;
    await this.look(); // settling comes when nothing of the other folder is open any more
  }

  /** Before anything is written: makes the usual folder, and says that it is ours. One that the user chose is not made
   *  anew where its drive is away: throws `library.folderGone`. */
  async claim(): Promise<void> {
    if ((await readClaim(this.folder)) !== null) return;
    if (!this.place.isUsual) throw new AppError('library.folderGone', { folder: this.folder });
    await claim(this.folder);
  }

  read = (id: ModelId): Promise<StoredModel> => readStored(this.folder, id);

  /** Looks at one model again. */
  async refresh(id: ModelId): Promise<StoredModel> {
    const model = await this.read(id);
    if (model.marker === null && model.order === null) this.#models.delete(id);
    else this.#models.set(id, model);
    return model;
  }

  /** How much the disk has free: of the nearest folder that is there. */
  async measure(): Promise<void> {
    this.#freeBytes = (await volumeOf(this.folder))?.free ?? null;
  }
}
