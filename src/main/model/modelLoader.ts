import { AppError } from '../../shared/appError';
import type { LoadedModel, ModelStatus, NamedModel } from '../../shared/model';
import type { Settings } from '../../shared/settings';
import { fromWireError, toWireError } from '../../shared/wireError';
import { Watched } from '../app/watched';
import type { WorkerHost } from '../inference/workerHost';
import type { ConfiguredModel } from './configuredModel';

type Options = {
  readonly host: WorkerHost;
  readonly model: () => ConfiguredModel;
  readonly settings: () => Pick<Settings, 'precision' | 'device'>;
  readonly reportBug: (bug: unknown) => void;
};

/** Sees to it that the configured model is loaded as the settings say, and says how far it is. */
export class ModelLoader {
  readonly #status: Watched<ModelStatus>;
  /** The load that counts; a later one makes this one stale wherever it is. */
  #attempt = 0;
  /** A process loads one model in its life: true once ours has been asked to. */
  #isProcessUsed = false;

  constructor(private readonly options: Options) {
    this.#status = new Watched<ModelStatus>({ state: 'unloaded' }, options.reportBug);
    options.host.onCrash(() => this.#onCrash());
  }

  /** The status at once, and again after each change, until the returned function is called. */
  watch(listener: (status: ModelStatus) => void): () => void {
    return this.#status.watch(listener);
  }

  /** The loaded model, as soon as it is. Rejects with why it is not, if loading has failed. */
  whenReady(): Promise<LoadedModel> {
    return this.#status.first((status) => {
      switch (status.state) {
        case 'ready':
          return status.model;
        case 'loading':
          return null;
        case 'failed':
          throw fromWireError(status.error);
        case 'unloaded':
          throw new AppError('model.notLoaded');
        default:
          return status satisfies never;
      }
    });
  }

  /** Loads unless it is loaded or loading: the first start, and the way back after a failure. */
  async load(): Promise<void> {
    const { state } = this.#status.value;
    if (state === 'loading' || state === 'ready') return;
    this.options.host.retry();
    await this.#load(this.#begin());
  }

  /** Loads anew because precision or device changed. `stopRunning` ends the answer that is being written. */
  async reload(stopRunning: () => Promise<void>): Promise<void> {
    const attempt = this.#begin();
    await stopRunning();
    this.options.host.retry();
    await this.#load(attempt);
  }

  /** An answer has ended: the memory of its conversation is known anew. */
  setConversationBytes(conversationBytes: number): void {
    const { value } = this.#status;
    if (value.state !== 'ready') return;
    const { model } = value;
    this.#status.set({ state: 'ready', model: { ...model, memory: { ...model.memory, conversationBytes } } });
  }

  #begin(): number {
    this.#attempt += 1;
    this.#announceStart();
    return this.#attempt;
  }

  #announceStart(): void {
    this.#status.set({
      state: 'loading',
      model: this.#name(),
      ...this.#choice(),
      progress: { stage: 'starting', fraction: null },
    });
  }

  /** Tries until it is loaded, has failed, or another attempt counts. After a crash the host makes us wait. */
  async #load(attempt: number): Promise<void> {
    for (;;) {
      try {
        await this.#freeProcess();
        if (this.#attempt !== attempt) return;
        const model = await this.#open(attempt);
        if (this.#attempt === attempt) this.#status.set({ state: 'ready', model });
        return;
      } catch (error) {
        if (this.#attempt !== attempt) return;
        if (isCrash(error)) {
          this.#announceStart();
          continue;
        }
        const reason = toWireError(error, this.options.reportBug);
        this.#status.set({ state: 'failed', model: this.#name(), ...this.#choice(), error: reason });
        await this.#freeProcess(); // what a failed load allocated is given back
        return;
      }
    }
  }

  async #open(attempt: number): Promise<LoadedModel> {
    const { host } = this.options;
    const { folder, preparedFolder, fingerprint } = this.options.model();
    const [model, choice] = [this.#name(), this.#choice()];
    this.#isProcessUsed = true;
    const opened = await host.request(
      'load',
      { modelFolder: folder, preparedFolder, fingerprint, ...choice, proof: null, measurements: [] },
      {
        onEvent: (progress) => {
          if (this.#attempt === attempt) this.#status.set({ state: 'loading', model, ...choice, progress });
        },
      },
    );
    return { ...opened, ...model, steppedDownFrom: [], insteadOf: null };
  }

  async #freeProcess(): Promise<void> {
    if (!this.#isProcessUsed) return;
    this.#isProcessUsed = false;
    await this.options.host.end();
  }

  /** A crash while loading rejects the load itself; otherwise the model is gone and must be loaded again. */
  #onCrash(): void {
    this.#isProcessUsed = false;
    if (this.#status.value.state === 'ready') void this.#load(this.#begin());
  }

  #name(): NamedModel {
    const { modelId, name, isDemo } = this.options.model();
    return { modelId, name, isDemo };
  }

  #choice(): Pick<Settings, 'precision' | 'device'> {
    const { precision, device } = this.options.settings();
    return { precision, device };
  }
}

const isCrash = (error: unknown): boolean => error instanceof AppError && error.code === 'worker.crashed';
