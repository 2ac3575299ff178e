import { AppError } from '../../shared/appError';
import { demoModelId, type ModelId } from '../../shared/library';
import type { ModelShape, Verdict } from '../../shared/verdict';
import { inspectFolder } from './inspectFolder';
import type { LibraryOptions } from './libraryOptions';
import type { ModelChoice } from './modelChoice';
import type { Shelf } from './shelf';

type Options = Pick<LibraryOptions, 'host' | 'released' | 'experience' | 'newPrepareHost' | 'places'>;

/** How models would run on this computer, whether they are on its disk or not. */
export class ModelVerdicts {
  #demoShape: Promise<ModelShape> | null = null;

  constructor(
    private readonly options: Options,
    private readonly known: { readonly shelf: Shelf; readonly choice: ModelChoice },
  ) {}

  /** Every way there is, best first. */
  async of(modelId: ModelId): Promise<Verdict[]> {
    const { host, released, experience } = this.options;
    const shape = await this.#shapeOf(modelId);
    const input = { shape, released: released(), ...(await experience(modelId)) };
    try {
      return await host.request('verdicts', input);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'worker.ended')) throw error;
      return host.request('verdicts', input); // another model is being loaded: the next process is asked
    }
  }

  async #shapeOf(modelId: ModelId): Promise<ModelShape> {
    const { shelf, choice } = this.known;
    const shape = shelf.all.get(modelId)?.marker?.shape ?? choice.inCatalog(modelId)?.shape;
    if (shape !== undefined) return shape;
    if (modelId !== demoModelId) throw new AppError('library.unknownModel', { modelId });
    const { newPrepareHost, places } = this.options;
    this.#demoShape ??= inspectFolder(newPrepareHost, places.demoModel).then(({ shape: found }) => found);
    return this.#demoShape;
  }
}
