import type { InstalledModel, LibraryModel, LibraryState, ModelId, SourceCheck } from '../../shared/library';
import { demoModelId } from '../../shared/library';
import type { Device, Precision } from '../../shared/precision';
import type { Verdict } from '../../shared/verdict';
import { Watched } from '../app/watched';
import type { ConfiguredModel } from '../model/configuredModel';
import type { SettingsFile } from '../settings/settingsFile';
import { catalog, publishedBytes } from './catalog';

export type InstallRequest = {
  readonly modelId: ModelId;
  readonly precision: Precision;
  readonly device: Device;
  readonly keepsOriginals: boolean;
};

type Options = {
  readonly places: { readonly demoModel: string; readonly modelsFolder: string; readonly preparedFolder: string };
  readonly settings: SettingsFile;
  readonly reportBug: (bug: unknown) => void;
};

/** All models: those there are, those that could be had, and what is being done to get them. */
export class ModelLibrary {
  readonly #state: Watched<LibraryState>;

  constructor(private readonly options: Options) {
    this.#state = new Watched(this.#compose(), options.reportBug);
  }

  /** The state at once, and again after each change, until the returned function is called. */
  watch(listener: (state: LibraryState) => void): () => void {
    return this.#state.watch(listener);
  }

  /** The model that answers. */
  chosen(): ConfiguredModel {
    const { demoModel, preparedFolder } = this.options.places;
    const demo = { modelId: demoModelId, name: 'Deskmate demo model', isDemo: true };
    return { ...demo, folder: demoModel, preparedFolder, fingerprint: null };
  }

  install(request: InstallRequest): Promise<void> {
    return Promise.reject(new Error(`${request.modelId} cannot be installed yet`));
  }

  pause(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be paused yet`));
  }

  resume(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be resumed yet`));
  }

  cancel(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be cancelled yet`));
  }

  repair(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be repaired yet`));
  }

  remove(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be removed yet`));
  }

  choose(modelId: ModelId): Promise<void> {
    return Promise.reject(new Error(`${modelId} cannot be chosen yet`));
  }

  importFolder(isCopied: boolean): Promise<ModelId | null> {
    return Promise.reject(new Error(`nothing can be ${isCopied ? 'copied' : 'taken in'} yet`));
  }

  moveFolder(): Promise<void> {
    return Promise.reject(new Error('the folder cannot be moved yet'));
  }

  checkSources(): Promise<SourceCheck[]> {
    return Promise.resolve([]);
  }

  verdicts(modelId: ModelId): Promise<Verdict[]> {
    return Promise.reject(new Error(`nothing is known of ${modelId} yet`));
  }

  #compose(): LibraryState {
    const { modelsFolder } = this.options.settings.current;
    const folder = modelsFolder ?? this.options.places.modelsFolder;
    return { models: [this.#demo(), ...catalogModels()], folder, freeBytes: null, move: null };
  }

  #demo(): LibraryModel {
    const { name, folder } = this.chosen();
    const installed: InstalledModel = {
      ...{ origin: 'bundled', folder, revision: null, diskBytes: 0, hasOriginals: true, prepared: [], problem: null },
    };
    return {
      ...{ id: demoModelId, name, isDemo: true, licence: null, downloadBytes: null },
      ...{ isChosen: true, installation: null, installed },
    };
  }
}

const catalogModels = (): LibraryModel[] =>
  catalog.map(({ id, name, licence, shape }) => ({
    ...{ id, name, isDemo: false, licence, downloadBytes: publishedBytes(shape) },
    ...{ isChosen: false, installation: null, installed: null },
  }));
