import { AppError } from '../../shared/appError';
import type { LibraryState, SourceCheck } from '../../shared/library';
import { demoModelId, type ModelId } from '../../shared/library';
import type { Verdict } from '../../shared/verdict';
import { writeJsonFile } from '../app/jsonFile';
import { BandwidthLimit } from '../download/bandwidthLimit';
import type { ChosenModel, ConfiguredModel } from '../model/configuredModel';
import { checkSources } from './connect';
import type { InstallRequest, LibraryOptions } from './libraryOptions';
import { FolderMove } from './folderMove';
import { importFolder } from './importFolder';
import { Installs } from './installs';
import { describeModels } from './libraryState';
import { ModelChoice } from './modelChoice';
import { requireSafeFolder, requireWithout, requireWritable } from './modelsFolder';
import { ModelVerdicts } from './modelVerdicts';
import { pinnedBy } from './pinnedBy';
import { removeModel } from './removal';
import { interruptedMove, settleMove } from './settleMove';
import { Shelf } from './shelf';
import { problemOf } from './storedModel';
import { Throttled } from './throttled';

/** The disk is looked at anew while something is going on, and once more afterwards. */
const measureMs = 2_000;

/** All models: those there are, those that could be had, and what is being done to get them. */
export class ModelLibrary {
  readonly #shelf: Shelf;
  readonly #choice: ModelChoice;
  readonly #verdicts: ModelVerdicts;
  readonly #installs: Installs;
  readonly #limit: BandwidthLimit;
  readonly #state: Throttled<LibraryState>;
  readonly #ended = new AbortController();
  readonly #unwatch: () => void;
  readonly #move: FolderMove;
  #willMeasure = false;

  private constructor(private readonly options: LibraryOptions) {
    const { settings, network, newPrepareHost, nowMs, reportBug, places } = options;
    this.#limit = new BandwidthLimit(network.clock);
    const { modelsFolder } = settings.current;
    this.#shelf = new Shelf({ folder: modelsFolder ?? places.modelsFolder, isUsual: modelsFolder === null });
    this.#choice = new ModelChoice(options, this.#shelf);
    this.#verdicts = new ModelVerdicts(options, { shelf: this.#shelf, choice: this.#choice });
    this.#installs = new Installs({
      services: {
        ...{ network, limit: this.#limit, newHost: newPrepareHost, nowMs },
        sources: () => ({ order: settings.current.sourceOrder, customUrl: settings.current.customSource }),
      },
      read: (modelId) => this.#shelf.read(modelId),
      onChange: () => this.#changed(),
      onEnd: (modelId, forget) =>
        this.#afterLook(async () => {
          await this.#shelf.refresh(modelId);
          forget();
        }),
      reportBug,
    });
    this.#move = new FolderMove({
      ...{ shelf: this.#shelf, usual: places.modelsFolder, reload: options.reload, holdLoads: options.holdLoads },
      store: (folder) => settings.change({ modelsFolder: folder }),
      hold: () => this.#installs.dropAll(),
      goOn: () => this.#resumeOrders(),
      onChange: () => this.#changed(),
      ...{ ended: this.#ended.signal, reportBug },
    });
    this.#state = new Throttled(() => this.#compose(), network.clock, reportBug);
    this.#unwatch = this.#applySettings();
  }

  /** Reads what is on the disk, and ends removals and moves that a kill interrupted. */
  static async open(options: LibraryOptions): Promise<ModelLibrary> {
    const library = new ModelLibrary(options);
    await library.#shelf.open();
    library.#state.tell();
    return library;
  }

  /** Goes on with what an earlier start left: with a move first, and then with what was being fetched. */
  async goOn(): Promise<void> {
    if (this.#shelf.isOthers) return;
    const to = await interruptedMove(this.#shelf.folder);
    if (to === null) await this.#resumeOrders();
    else this.#move.begin(to);
    this.#state.tell();
  }

  /** The state at once, and again after each change but a few times a second at most, until the returned function is called. */
  watch(listener: (state: LibraryState) => void): () => void {
    return this.#state.watch(listener);
  }

  /** Where models lie now. */
  get folder(): string {
    return this.#shelf.folder;
  }

  /** The model that answers: the demo where the chosen one cannot, and why it cannot. */
  chosen = (): ChosenModel => this.#choice.chosen();

  /** What can always answer. */
  demo = (): ConfiguredModel => this.#choice.demo();

  async install({ modelId, precision, device, keepsOriginals }: InstallRequest): Promise<void> {
    const model = this.#choice.inCatalog(modelId);
    if (model === null) throw new AppError('library.unknownModel', { modelId });
    await this.#requireIdle(modelId);
    const stored = await this.#shelf.read(modelId);
    if (stored.marker?.hasOriginals) {
      await this.#installs.form(stored, stored.marker, { precision, device });
      return this.#state.tell();
    }
    const licence = { ...model.licence, acceptedAtMs: this.options.nowMs() };
    const wanted = { precision, device, keepsOriginals, licence };
    const pinned = stored.marker && pinnedBy(stored.marker);
    const order = { kind: 'download', ...wanted, isPaused: false, pinned } as const;
    await this.#shelf.begin(stored.places, () => writeJsonFile(stored.places.order, order));
    await this.#shelf.refresh(modelId);
    await this.#installs.download(model, stored, order);
    this.#state.tell();
  }

  async pause(modelId: ModelId): Promise<void> {
    await this.#installs.pause(modelId);
    this.#state.tell();
  }

  async resume(modelId: ModelId): Promise<void> {
    await this.#requireChangeable();
    await this.#installs.resume(modelId);
    this.#state.tell();
  }

  cancel = (modelId: ModelId): Promise<void> => this.#installs.cancel(modelId);

  async repair(modelId: ModelId): Promise<void> {
    await this.#requireIdle(modelId);
    const stored = await this.#shelf.read(modelId);
    if (stored.marker === null) throw new AppError('library.notInstalled', { name: this.#choice.nameOf(modelId) });
    await this.#installs.repair(stored, stored.marker, this.#choice.inCatalog(modelId));
    this.#state.tell();
  }

  /** Deletes what Deskmate wrote for it. If it was chosen, the demo answers from now on. */
  async remove(modelId: ModelId): Promise<void> {
    await this.#requireIdle(modelId);
    const stored = await this.#shelf.read(modelId);
    if (stored.marker === null) throw new AppError('library.notInstalled', { name: this.#choice.nameOf(modelId) });
    const { settings, reload } = this.options;
    if (settings.current.modelId === modelId) {
      await settings.change({ modelId: demoModelId });
      await reload();
    }
    await removeModel(stored.places);
    await this.#refresh(modelId);
  }

  async choose(modelId: ModelId): Promise<void> {
    if (modelId !== demoModelId) {
      const stored = await this.#shelf.refresh(modelId);
      if (!stored?.marker) throw new AppError('library.notInstalled', { name: this.#choice.nameOf(modelId) });
      const problem = problemOf(stored);
      if (problem !== null) throw new AppError(problem.code, problem.params);
    }
    const { settings, reload, reportBug } = this.options;
    await settings.change({ modelId });
    this.#state.tell();
    void reload().catch(reportBug); // how it goes is what model.watch tells
  }

  /** Asks for a checkpoint folder and takes it in; null where none was chosen. */
  async importFolder(isCopied: boolean): Promise<ModelId | null> {
    await this.#requireChangeable();
    const picked = await this.options.pickFolder();
    if (picked === null) return null;
    const { newPrepareHost } = this.options;
    const parts = { shelf: this.#shelf, choice: this.#choice, installs: this.#installs, newPrepareHost };
    const modelId = await importFolder(picked, { isCopied, ...parts });
    await this.#refresh(modelId);
    return modelId;
  }

  /** Asks for a folder and begins to move all models there; how it goes is part of the state. */
  async moveFolder(): Promise<void> {
    await this.#requireChangeable();
    const to = await this.options.pickFolder();
    if (to === null) return;
    await settleMove(this.#shelf.folder); // what an earlier one left on a drive that was away
    const { home, reserved, modelsFolder: usual } = this.options.places;
    await requireSafeFolder(to, { home, reserved, current: this.#shelf.folder, usual });
    await requireWithout([...this.#shelf.all.keys()], to, this.#shelf.folder);
    await requireWritable(to);
    this.#move.begin(to);
    this.#state.tell();
  }

  /** Ends the move, which leaves everything where it was. */
  async cancelMove(): Promise<void> {
    await this.#move.cancel();
    this.#state.tell();
  }

  async checkSources(modelId: ModelId): Promise<SourceCheck[]> {
    const { settings, network, reportBug } = this.options;
    const model = this.#choice.inCatalog(modelId);
    if (model === null) throw new AppError('library.unknownModel', { modelId });
    const { sourceOrder: order, customSource: customUrl } = settings.current;
    return checkSources(model, { order, customUrl }, { network, signal: this.#ended.signal, reportBug });
  }

  /** How a model would run here in every way there is, best first. */
  verdicts = (modelId: ModelId): Promise<Verdict[]> => this.#verdicts.of(modelId);

  /** A model was loaded: a form of it may have been prepared. */
  loaded(modelId: ModelId): void {
    if (modelId !== demoModelId) this.#refresh(modelId).catch(this.options.reportBug);
  }

  /** The network or the computer is back. */
  nudge(): void {
    this.#installs.nudge();
    this.#lookAgain().catch(this.options.reportBug); // a drive may be back, too
  }

  /** Stops writing. What is unfinished goes on at the next start. */
  async close(): Promise<void> {
    this.#ended.abort(new AppError('worker.ended'));
    this.#unwatch();
    await this.#installs.stopAll();
    await this.#move.ended();
    await this.#shelf.close();
    this.#state.close();
  }

  async #requireChangeable(): Promise<void> {
    if (this.#move.isRunning) throw new AppError('library.moving');
    const wasOthers = this.#shelf.isOthers;
    await this.#shelf.requireOwn();
    if (wasOthers) await this.goOn();
  }

  async #requireIdle(modelId: ModelId): Promise<void> {
    await this.#requireChangeable();
    if (this.#installs.stateOf(modelId) !== null)
      throw new AppError('library.busy', { name: this.#choice.nameOf(modelId) });
  }

  /** A chosen model that is good again answers again. */
  async #refresh(modelId: ModelId): Promise<void> {
    await this.#afterLook(() => this.#shelf.refresh(modelId));
  }

  async #lookAgain(): Promise<void> {
    if (this.#move.isRunning) return;
    const wasOthers = this.#shelf.isOthers;
    await this.#afterLook(() => this.#shelf.open());
    if (wasOthers) await this.goOn();
  }

  async #afterLook(look: () => Promise<unknown>): Promise<void> {
    const wasMissing = this.chosen().insteadOf !== null;
    await look();
    await this.#shelf.measure();
    this.#state.tell();
    if (wasMissing && this.chosen().insteadOf === null) void this.options.reload().catch(this.options.reportBug);
  }

  /** Limits hold at once; other sources are asked by downloads that run, too. */
  #applySettings(): () => void {
    let { sourceOrder, customSource } = this.options.settings.current;
    return this.options.settings.watch((now) => {
      this.#limit.set(now.bandwidthLimit);
      this.#changed();
      if (now.customSource === customSource && now.sourceOrder.join() === sourceOrder.join()) return;
      ({ sourceOrder, customSource } = now);
      this.#installs.stopAll().then((goOn) => goOn(), this.options.reportBug);
    });
  }

  async #resumeOrders(): Promise<void> {
    for (const stored of this.#shelf.all.values())
      await this.#installs.resumeOrder(stored, this.#choice.inCatalog(stored.id));
  }

  #changed(): void {
    this.#state.changed();
    if (this.#willMeasure) return;
    this.#willMeasure = true;
    this.#measureLater().catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.options.reportBug(error);
    });
  }

  async #measureLater(): Promise<void> {
    await this.options.network.clock.wait(measureMs, this.#ended.signal);
    this.#willMeasure = false;
    await this.#shelf.measure();
    this.#state.changed();
  }

  #compose(): LibraryState {
    const models = describeModels({
      ...{ catalog: this.options.catalog, stored: this.#shelf.all, demo: this.demo() },
      chosenId: this.options.settings.current.modelId,
      ...{ installationOf: this.#installs.stateOf, checkOf: this.#installs.checkOf },
    });
    const { folder, freeBytes, usedBytes, isOthers } = this.#shelf;
    const problem = isOthers ? { code: 'library.folderInUse' as const, params: { folder } } : null;
    return { models, folder, freeBytes, usedBytes, problem, move: this.#move.state };
  }
}
