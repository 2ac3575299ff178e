import { AppError } from '../../shared/appError';
import type { GpuProof } from '../../shared/hardware';
import type { ModelId } from '../../shared/library';
import type { LoadedModel, ModelStatus } from '../../shared/model';
import type { Settings } from '../../shared/settings';
import type { Measurement } from '../../shared/verdict';
import { fromWireError, toWireError } from '../../shared/wireError';
import { Watched } from '../app/watched';
import type { WorkerHost } from '../inference/workerHost';
import { type Crash, isGivenUp, recentCrashes } from './answerFailures';
import type { ChosenModel, ConfiguredModel, Way } from './configuredModel';
import type { Experience } from './experience';
import { asMeasurement, firstPlan, insteadPlan, inWords, lowerPlan, wasTried, wayOf, type Plan } from './loadPlan';
import { isModelBroken, mayStepDown } from './stepDown';

type Options = {
  readonly host: WorkerHost;
  readonly chosen: () => ChosenModel;
  /** What answers where the chosen model is broken. */
  readonly demo: () => ConfiguredModel;
  readonly settings: () => Pick<Settings, 'precision' | 'device'>;
  readonly experience: Pick<Experience, 'of' | 'remember' | 'forgetFailures'>;
  /** What is known of the GPU without asking it now. */
  readonly proof: () => Promise<GpuProof | null>;
  readonly nowMs: () => number;
  readonly reportBug: (bug: unknown) => void;
};

/** Sees to it that the chosen model is loaded as the settings say, or as well as it can be, and says how far it is. */
export class ModelLoader {
  readonly #status: Watched<ModelStatus>;
  /** The load that counts; a later one makes this one stale wherever it is. */
  #attempt = 0;
  /** A process loads one model in its life: true once ours has been asked to. */
  #isProcessUsed = false;
  /** How what runs was opened. */
  #opened: Plan | null = null;
  #crashes: readonly Crash[] = [];
  /** Resolves when models may be opened again; null while they may. */
  #hold: Promise<void> | null = null;
  #opening: Promise<unknown> = Promise.resolve();
  /** What goes on, stale loads too. */
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: Options) {
    this.#status = new Watched<ModelStatus>({ state: 'unloaded' }, options.reportBug);
    options.host.onCrash((exitCode) => this.#onCrash(exitCode));
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

  /** Loads unless it is loaded as was wanted, or loading: the first start, and the way back after a failure, which is
   *  forgotten. `stopRunning` ends the answer that a lesser way is writing. */
  async load(stopRunning: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { value } = this.#status;
    if (value.state === 'loading') return;
    if (value.state === 'ready' && value.model.steppedDownFrom.length === 0 && value.model.insteadOf === null) return;
    const isRetry = value.state !== 'unloaded';
    const attempt = this.#begin();
    if (isRetry) {
      this.#crashes = [];
      await this.options.experience.forgetFailures(this.options.chosen().model.modelId);
    }
    await stopRunning();
    this.options.host.retry();
    await this.#load(attempt);
  }

  /** Loads anew because the model, precision or device changed. `stopRunning` ends the answer that is being written. While
   *  loads are held, what runs goes on. */
  async reload(stopRunning: () => Promise<void>): Promise<void> {
    if (this.#hold !== null) await this.#hold;
    const attempt = this.#begin();
    await stopRunning();
    this.options.host.retry();
    await this.#load(attempt);
  }

  /** Resolves as soon as no model is being opened; until the returned function is called none is, and who wants to waits. */
  async hold(): Promise<() => void> {
    let letGo = (): void => undefined;
    this.#hold = new Promise<void>((resolve) => (letGo = resolve));
    await this.#opening.catch(() => undefined); // whoever loads hears of it
    return () => {
      this.#hold = null;
      letGo();
    };
  }

  /** An answer has failed. Where the way is at fault in which the model runs, a lower one takes its place. */
  answerFailed(error: unknown): void {
    if (!(error instanceof AppError) || isCrash(error)) return; // of a crash the host tells
    this.#failedWhileLoaded(error);
  }

  /** An answer has ended: the memory of its conversation is known anew. */
  setConversationBytes(conversationBytes: number): void {
    const { value } = this.#status;
    if (value.state !== 'ready') return;
    const { model } = value;
    this.#status.set({ state: 'ready', model: { ...model, memory: { ...model.memory, conversationBytes } } });
  }

  /** What ending the process of the model that runs would give back. */
  releasable(): { ramBytes: number; vramBytes: number } {
    const { value } = this.#status;
    if (value.state !== 'ready') return { ramBytes: 0, vramBytes: 0 };
    const { kind, weightsBytes, conversationBytes } = value.model.memory;
    const bytes = weightsBytes + conversationBytes;
    return kind === 'ram' ? { ramBytes: bytes, vramBytes: 0 } : { ramBytes: 0, vramBytes: bytes };
  }

  /** Ends the process. Afterwards no load goes on, and nothing more is remembered of one. */
  async close(): Promise<void> {
    this.#attempt += 1;
    await this.options.host.end();
    await this.#underWay;
    await this.options.host.end(); // a measurement that was to be remembered may have asked a new process for the driver
  }

  #begin(
    plan = firstPlan(this.options.settings(), this.options.chosen()),
    crashes = recentCrashes(this.#crashes, this.options.nowMs()),
  ): number {
    this.#attempt += 1;
    this.#crashes = crashes;
    this.#announceStart(plan);
    return this.#attempt;
  }

  #announceStart(plan: Plan): void {
    this.#status.set({ state: 'loading', ...inWords(plan), progress: { stage: 'starting', fraction: null } });
  }

  #load(attempt: number, plan: Plan = firstPlan(this.options.settings(), this.options.chosen())): Promise<void> {
    return this.#track(this.#tryWays(attempt, plan));
  }

  #track(work: Promise<void>): Promise<void> {
    this.#underWay = Promise.allSettled([this.#underWay, work]);
    return work;
  }

  /** Tries until it is loaded, has failed in every way, or another attempt counts. After a crash the host makes us wait. */
  async #tryWays(attempt: number, first: Plan): Promise<void> {
    let plan = first;
    for (;;) {
      let way: Way | null = wayOf(plan.wish);
      try {
        await this.#freeProcess(); // what a failed load allocated is given back
        while (this.#hold !== null) plan = await this.#after(this.#hold, plan);
        if (this.#attempt !== attempt) return;
        const model = await (this.#opening = this.#open(plan, attempt, (chosen) => (way = chosen)));
        if (this.#attempt !== attempt) return;
        this.#opened = plan;
        this.#status.set({ state: 'ready', model });
        return;
      } catch (error) {
        if (this.#attempt !== attempt) return;
        const next = await this.#afterFailure(plan, way, error);
        if (this.#attempt !== attempt) return;
        if (next === null) return this.#fail(plan, error);
        plan = next;
        this.#announceStart(plan);
      }
    }
  }

  /** The plan, with the model where it lies once loads are held no more. */
  async #after(hold: Promise<void>, plan: Plan): Promise<Plan> {
    await hold;
    const { model } = this.options.chosen();
    return model.modelId === plan.model.modelId ? { ...plan, model } : plan;
  }

  async #fail(plan: Plan, error: unknown): Promise<void> {
    this.#status.set({ state: 'failed', ...inWords(plan), error: toWireError(error, this.options.reportBug) });
    await this.#freeProcess();
  }

  /** What to try next; null where nothing is left but to say so. */
  async #afterFailure(plan: Plan, way: Way | null, error: unknown): Promise<Plan | null> {
    const lower = way !== null && mayStepDown(error) ? await this.#lower(plan, way, error) : null;
    if (lower !== null) return lower;
    if (isCrash(error)) return plan;
    if (!isModelBroken(error) || plan.model.isDemo) return null;
    return insteadPlan(plan, this.options.demo(), toWireError(error, this.options.reportBug));
  }

  /** The ways below one that failed, which is remembered; null where there is none. */
  async #lower(plan: Plan, way: Way, error: AppError): Promise<Plan | null> {
    const lower = lowerPlan(plan, way, { error, told: toWireError(error, this.options.reportBug) });
    await this.#rememberFailure(plan.model, way, error);
    return lower;
  }

  async #open(plan: Plan, attempt: number, onWay: (way: Way) => void): Promise<LoadedModel> {
    const { host, experience, proof } = this.options;
    const { model, wish, forms, failed, insteadOf } = plan;
    const { modelId, name, isDemo, folder, preparedFolder, fingerprint } = model;
    const measurements = [...(await experience.of(modelId)), ...failed.filter(wasTried).map(asMeasurement)];
    const knowledge = { proof: wish.device === 'auto' ? await proof() : null, measurements };
    if (this.#attempt !== attempt) throw new AppError('worker.ended'); // another attempt has the process now
    this.#isProcessUsed = true;
    const opened = await host.request(
      'load',
      {
        modelFolder: folder,
        preparedFolder,
        fingerprint,
        ...wish,
        forms: forms === null ? null : [...forms],
        ...knowledge,
      },
      {
        onEvent: (progress) => {
          if (progress.way !== undefined) onWay(progress.way);
          if (this.#attempt === attempt) this.#status.set({ state: 'loading', ...inWords(plan), progress });
        },
      },
    );
    if (opened.measurement !== null) await this.#remember(modelId, opened.measurement);
    return { ...opened, modelId, name, isDemo, steppedDownFrom: [...failed], insteadOf };
  }

  /** Memory that was short may be free the next time; what failed with memory enough will fail again. */
  async #rememberFailure({ modelId }: ConfiguredModel, way: Way, { code }: AppError): Promise<void> {
    if (code !== 'session.outOfMemory') await this.#remember(modelId, asMeasurement(way));
  }

  /** Without it the next start knows less, and works. */
  async #remember(modelId: ModelId, measurement: Measurement): Promise<void> {
    await this.options.experience.remember(modelId, measurement).catch(this.options.reportBug);
  }

  async #freeProcess(): Promise<void> {
    if (!this.#isProcessUsed) return;
    this.#isProcessUsed = false;
    await this.options.host.end();
  }

  /** A crash while loading rejects the load itself; otherwise the model is gone. */
  #onCrash(exitCode: number): void {
    this.#isProcessUsed = false;
    this.#failedWhileLoaded(new AppError('worker.crashed', { exitCode }));
  }

  /** What was loaded is loaded the same way again, or is given up. */
  #failedWhileLoaded(error: AppError): void {
    const { value } = this.#status;
    const plan = this.#opened;
    if (value.state !== 'ready' || plan === null) return;
    const { modelId, precision, device } = value.model;
    const failed: Crash = { modelId, precision, device, atMs: this.options.nowMs() };
    const isOver = isGivenUp(error, failed, this.#crashes);
    if (!isOver && !isCrash(error)) return;
    const attempt = this.#begin(plan, [...this.#crashes, failed]);
    void (isOver ? this.#track(this.#giveUp(plan, failed, { error, attempt })) : this.#load(attempt, plan));
  }

  async #giveUp(plan: Plan, way: Way, { error, attempt }: { error: AppError; attempt: number }): Promise<void> {
    const lower = await this.#lower(plan, way, error);
    if (this.#attempt !== attempt) return;
    if (lower === null) return this.#fail(plan, error);
    this.#announceStart(lower);
    await this.#load(attempt, lower);
  }
}

const isCrash = (error: unknown): boolean => error instanceof AppError && error.code === 'worker.crashed';
