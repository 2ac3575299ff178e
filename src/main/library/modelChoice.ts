import { AppError } from '../../shared/appError';
import { demoModelId, type ModelId } from '../../shared/library';
import { toWireError } from '../../shared/wireError';
import type { ChosenModel, ConfiguredModel } from '../model/configuredModel';
import type { CatalogModel } from './catalog';
import type { LibraryOptions } from './libraryOptions';
import type { Shelf } from './shelf';
import { configured, problemOf, type StoredModel } from './storedModel';

type Options = Pick<LibraryOptions, 'settings' | 'catalog' | 'places' | 'reportBug'>;

/** Which model answers: the chosen one, or the demo where that cannot. */
export class ModelChoice {
  constructor(
    private readonly options: Options,
    private readonly shelf: Shelf,
  ) {}

  /** The model that answers: the demo where the chosen one cannot, and why it cannot. */
  chosen(): ChosenModel {
    const { modelId } = this.options.settings.current;
    if (modelId === demoModelId) return { model: this.demo(), insteadOf: null };
    const stored = this.shelf.all.get(modelId);
    const name = this.nameOf(modelId);
    const problem = this.#whyNot(stored, name);
    if (stored?.marker && problem === null) return { model: configured(stored, stored.marker), insteadOf: null };
    const error = problem ?? new AppError('library.notInstalled', { name });
    const insteadOf = { model: { modelId, name, isDemo: false }, error: toWireError(error, this.options.reportBug) };
    return { model: this.demo(), insteadOf };
  }

  /** What can always answer. */
  demo(): ConfiguredModel {
    const { demoModel, preparedFolder } = this.options.places;
    return {
      ...{ modelId: demoModelId, name: 'Deskmate demo model', isDemo: true, fingerprint: null, forms: null },
      ...{ folder: demoModel, preparedFolder },
    };
  }

  nameOf = (modelId: ModelId): string =>
    this.shelf.all.get(modelId)?.marker?.name ?? this.inCatalog(modelId)?.name ?? modelId;

  inCatalog = (modelId: ModelId): CatalogModel | null => this.options.catalog.find(({ id }) => id === modelId) ?? null;

  #whyNot(stored: StoredModel | undefined, name: string): AppError | null {
    const problem = stored === undefined ? null : problemOf(stored);
    if (problem !== null) return new AppError(problem.code, problem.params);
    if (stored?.marker) return null;
    const { modelsFolder } = this.options.settings.current;
    const isAway = modelsFolder !== null && this.shelf.all.size === 0;
    return isAway
      ? new AppError('library.folderGone', { folder: modelsFolder })
      : new AppError('library.notInstalled', { name });
  }
}
