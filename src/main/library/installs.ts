import { rm } from 'node:fs/promises';
import { AppError } from '../../shared/appError';
import type { CheckOutcome, Installation, ModelId } from '../../shared/library';
import type { Device, Precision } from '../../shared/precision';
import { preparedFormName } from '../../shared/preparedForm';
import { writeJsonFile } from '../app/jsonFile';
import { onDisk } from '../download/diskErrors';
import type { CatalogModel } from './catalog';
import { isShard } from './checkpointFiles';
import { installCopy } from './installCopy';
import { installDownload } from './installDownload';
import { installForm } from './installForm';
import { InstallJob, type JobRun } from './installJob';
import type { InstallServices } from './installWork';
import type { ModelPlaces } from './modelPlaces';
import { ownFiles } from './ownFiles';
import { pinnedBy } from './pinnedBy';
import type { CopyOrder, DownloadOrder, InstallOrder, ModelMarker } from './records';
import { removeLeftovers, removeListed, removeModel } from './removal';
import { repairModel } from './repairModel';
import type { StoredModel } from './storedModel';

type Options = {
  readonly services: InstallServices;
  /** The model as it lies on the disk now. */
  readonly read: (modelId: ModelId) => Promise<StoredModel>;
  readonly onChange: () => void;
  /** An installation is done, or what it left was deleted: the disk holds something else now. `forget` ends what is told of
   *  the installation, and is called when the disk has been read: before, neither would be told of what it brought. */
  readonly onEnd: (modelId: ModelId, forget: () => void) => Promise<void>;
  readonly reportBug: (bug: unknown) => void;
};

type Form = { readonly precision: Precision; readonly device: Device };
type Begin = {
  readonly modelId: ModelId;
  readonly places: ModelPlaces;
  readonly first: Pick<Installation, 'stage' | 'precision' | 'device' | 'keepsOriginals'>;
  readonly order: InstallOrder | null;
  readonly run: (run: JobRun & { readonly order: InstallOrder | null }) => Promise<ModelMarker | null>;
};
type Running = { readonly job: InstallJob; readonly places: ModelPlaces; order: InstallOrder | null };

/** What is being fetched, copied, prepared or checked: one thing a model at a time. */
export class Installs {
  readonly #running = new Map<ModelId, Running>();
  readonly #checks = new Map<ModelId, CheckOutcome>();

  constructor(private readonly options: Options) {}

  stateOf = (modelId: ModelId): Installation | null => this.#running.get(modelId)?.job.state ?? null;

  checkOf = (modelId: ModelId): CheckOutcome | null => this.#checks.get(modelId) ?? null;

  /** Fetches a catalog model and prepares it meanwhile. */
  async download(model: CatalogModel, { places, marker }: StoredModel, order: DownloadOrder): Promise<void> {
    const { services } = this.options;
    const { precision, device, keepsOriginals } = order;
    await this.#begin({
      ...{ modelId: model.id, places, order },
      first: { stage: 'connecting', precision, device, keepsOriginals },
      run: (run) => installDownload({ ...run, places, services, model, marker, order: run.order as DownloadOrder }),
    });
  }

  /** Copies a folder of the user's. */
  async copy(modelId: ModelId, places: ModelPlaces, order: CopyOrder): Promise<void> {
    await this.#begin({
      ...{ modelId, places, order },
      first: { stage: 'copying', precision: 'bf16', device: 'cpu', keepsOriginals: true },
      run: (run) => installCopy({ ...run, places, order: run.order as CopyOrder }),
    });
  }

  /** Prepares another form from originals that are here. */
  async form({ id, places }: StoredModel, marker: ModelMarker, order: Form): Promise<void> {
    const { services } = this.options;
    await this.#begin({
      ...{ modelId: id, places, order: null },
      first: { stage: 'preparing', ...order, keepsOriginals: true },
      run: async (run) => {
        await installForm({ ...run, services, places, marker, order });
        return null;
      },
    });
  }

  /** Reads a model against its hashes and makes good what is not as it was. */
  async repair(stored: StoredModel, marker: ModelMarker, model: CatalogModel | null): Promise<void> {
    const { services } = this.options;
    const { id, places, forms } = stored;
    const { precision, device } = forms[0] ?? { precision: 'bf16', device: 'cpu' };
    await this.#begin({
      ...{ modelId: id, places, order: null },
      first: { stage: 'checking', precision, device, keepsOriginals: marker.hasOriginals },
      run: async (run) => {
        const { files, forms: damaged } = await repairModel({ ...run, services, stored, marker, model });
        for (const form of damaged) await remake(form, { ...run, services, places, marker, model });
        const names = damaged.map((form) => preparedFormName(form.precision, form.device));
        this.#checks.set(id, { repaired: [...files, ...names] });
        return null;
      },
    });
  }

  /** Goes on with what an earlier start left, unless the user had paused it. */
  async resumeOrder(stored: StoredModel, model: CatalogModel | null): Promise<void> {
    const { id, places, order } = stored;
    if (order === null || this.#running.has(id)) return;
    if (isFulfilled(stored, order)) return clearUp(places); // a kill came just before
    if (order.kind === 'copy') await this.copy(id, places, order);
    else if (model !== null) await this.download(model, stored, order);
  }

  async pause(modelId: ModelId): Promise<void> {
    const running = this.#running.get(modelId);
    if (running === undefined) return;
    await running.job.stop('user');
    await this.#setPaused(running, true);
  }

  async resume(modelId: ModelId): Promise<void> {
    const running = this.#running.get(modelId);
    if (running === undefined) return;
    await this.#setPaused(running, false);
    running.job.start();
  }

  /** Ends it and deletes what it wrote; a model that was there before stays. */
  async cancel(modelId: ModelId): Promise<void> {
    const running = this.#running.get(modelId);
    if (running === undefined) return;
    await running.job.stop('user');
    const stored = await this.options.read(modelId);
    if (stored.marker === null) await removeModel(running.places);
    else await removeListed(running.places, await unfinishedFiles(stored, running));
    await this.#end(modelId);
  }

  /** The network or the computer is back. */
  nudge(): void {
    for (const { job } of this.#running.values()) job.nudge();
  }

  /** Nothing is written any more; what ran, or waited for a source, goes on when the returned function is called. */
  async stopAll(): Promise<() => void> {
    const active = [...this.#running.values()].filter(({ job }) => [null, 'offline'].includes(job.state.pause));
    await Promise.all([...this.#running.values()].map(({ job }) => job.stop(null)));
    return () => {
      for (const { job } of active) job.start();
    };
  }

  /** Ends all and forgets them; orders stay on the disk, to be gone on with. */
  async dropAll(): Promise<void> {
    await this.stopAll();
    this.#running.clear();
  }

  async #begin({ modelId, places, first, order, run }: Begin): Promise<void> {
    const { services, onChange, reportBug } = this.options;
    const write = async (changed: InstallOrder): Promise<void> => {
      running.order = changed;
      await onDisk(places.root, writeJsonFile(places.order, changed));
    };
    const job = new InstallJob({
      ...{ first, newHost: services.newHost, clock: services.network.clock, onChange, onOrder: write, reportBug },
      run: async (given) => {
        const marker = await run({ ...given, order: running.order });
        if (marker !== null) await onDisk(places.root, writeJsonFile(places.marker, marker));
      },
      onDone: async () => {
        await clearUp(places);
        await this.#end(modelId);
      },
    });
    const running: Running = { job, places, order };
    if (this.#running.has(modelId)) throw new AppError('library.busy', { name: modelId });
    this.#running.set(modelId, running);
    this.#checks.delete(modelId);
    if (order?.isPaused === true) await job.stop('user');
    else job.start();
  }

  #end(modelId: ModelId): Promise<void> {
    return this.options.onEnd(modelId, () => this.#running.delete(modelId));
  }

  async #setPaused(running: Running, isPaused: boolean): Promise<void> {
    if (running.order === null) return;
    running.order = { ...running.order, isPaused };
    await onDisk(running.places.root, writeJsonFile(running.places.order, running.order));
  }
}

type Remake = JobRun & {
  readonly services: InstallServices;
  readonly places: ModelPlaces;
  readonly marker: ModelMarker;
  readonly model: CatalogModel | null;
};

/** Makes a prepared form anew: from the originals, or from the source where they were let go. */
async function remake(form: Form, { marker, model, ...run }: Remake): Promise<void> {
  if (marker.hasOriginals) return installForm({ ...run, marker, order: form });
  const name = preparedFormName(form.precision, form.device);
  if (model === null) throw new AppError('library.damaged', { name: marker.name, files: name });
  const { licence } = marker;
  const wanted = { ...form, keepsOriginals: false, licence, isPaused: false };
  await installDownload({ ...run, model, marker, order: { kind: 'download', ...wanted, pinned: pinnedBy(marker) } });
}

/** Whether the marker was written: what is left is to take the order away. */
function isFulfilled({ marker, forms }: StoredModel, order: InstallOrder): boolean {
  if (marker === null || order.kind === 'copy') return marker !== null;
  const { precision, device, keepsOriginals } = order;
  const hasForm = forms.some((form) => form.precision === precision && form.device === device);
  return hasForm && (marker.hasOriginals || !keepsOriginals);
}

/** The order last: a kill in between finds a whole model and an order that is fulfilled. Nothing of it before the marker is
 *  there, since a kill then would find nothing of what was fetched. */
async function clearUp(places: ModelPlaces): Promise<void> {
  const { journal, order } = places;
  await removeLeftovers(places);
  for (const file of [journal, `${journal}.new`, `${journal}.lock`, order]) await rm(file, { force: true });
}

/** Of a model that was whole before: what an unfinished order added to it, and nothing that another one may be making. */
async function unfinishedFiles({ places, forms, marker }: StoredModel, { job, order }: Running): Promise<string[]> {
  const { precision, device } = job.state;
  const isWhole = forms.some((form) => form.precision === precision && form.device === device);
  const hadShards = order === null || marker?.hasOriginals === true;
  return (await ownFiles(places))
    .map(({ path }) => path)
    .filter((path) => {
      const [top, second] = path.split(/[/\\]/);
      if (top === 'prepared') return !isWhole && second === preparedFormName(precision, device);
      if (top !== 'checkpoint') return path !== 'model.json';
      return second === '.parts' || (!hadShards && second !== undefined && isShard(second));
    });
}
