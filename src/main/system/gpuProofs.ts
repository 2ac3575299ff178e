import { uptime } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { GpuProof, type Hardware } from '../../shared/hardware';
import { toWireError } from '../../shared/wireError';
import { readJsonFile, writeJsonFile } from '../app/jsonFile';
import type { WorkerHost } from '../inference/workerHost';

/** What a proof holds for. A new driver, GPU, Deskmate or ONNX Runtime is another one. */
const Identity = z.object({
  gpus: z.array(z.object({ name: z.string(), driver: z.string().nullable() })),
  appVersion: z.string(),
  onnxRuntimeVersion: z.string(),
});
type Identity = z.infer<typeof Identity>;

const Remembered = z.array(z.object({ identity: Identity, proof: GpuProof }));

type Options = {
  /** Where proofs are remembered. */
  readonly file: string;
  /** A process for one proof alone. */
  readonly createHost: () => Pick<WorkerHost, 'request' | 'end'>;
  readonly hardware: () => Promise<Pick<Hardware, 'gpus'>>;
  readonly versions: Pick<Identity, 'appVersion' | 'onnxRuntimeVersion'>;
  readonly reportBug: (bug: unknown) => void;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** When the computer was started. */
  readonly startedAtMs?: () => number;
};

/** Drivers compile their shaders within seconds, on slow computers too. */
const longestProofMs = 60_000;

/** Cards come and go with docks; older ones are proved again. */
const mostRemembered = 8;

/** Finds out whether the GPU can be used, in a process that it may take with it, and remembers the answer. */
export class GpuProofs {
  readonly #options: Required<Options>;
  #running: Promise<GpuProof> | null = null;
  #identity: Promise<Identity> | null = null;
  /** The process of the proof that runs. */
  #host: Pick<WorkerHost, 'end'> | null = null;

  constructor(options: Options) {
    this.#options = {
      wait: (ms, signal) => sleep(ms, undefined, { signal }),
      startedAtMs: () => Date.now() - uptime() * 1000,
      ...options,
    };
  }

  /** What is remembered of this computer as it is now; null if it was never proved. Never touches the GPU. */
  async known(): Promise<GpuProof | null> {
    return this.#remembered(await this.#identify());
  }

  /** What is remembered, or what comes out now. A failure may have been the computer's sleep: after a restart it is tried again. */
  prove(isForced: boolean): Promise<GpuProof> {
    this.#running ??= this.#prove(isForced).finally(() => (this.#running = null));
    return this.#running;
  }

  /** What a choice between the devices rests on: a proof, made now if it is missing. Null without a GPU to choose, and where
   *  proving failed for a reason that says nothing of it. */
  async forChoice(): Promise<GpuProof | null> {
    const { gpus } = await this.#identify();
    if (gpus.length === 0) return this.known();
    return this.prove(false).catch((error: unknown) => {
      if (!isEnded(error)) this.#options.reportBug(error);
      return null;
    });
  }

  /** Ends a proof that runs, and remembers nothing of it. */
  async close(): Promise<void> {
    await this.#host?.end();
    await this.#running?.catch(() => undefined); // whoever asked for it has the error
  }

  async #prove(isForced: boolean): Promise<GpuProof> {
    if (isForced) this.#identity = null;
    const identity = await this.#identify();
    const remembered = isForced ? null : await this.#remembered(identity);
    const holds = remembered?.isUsable === true || (remembered?.provedAtMs ?? 0) >= this.#options.startedAtMs();
    if (remembered !== null && holds) return remembered;
    const proof = await this.#compute();
    await this.#remember({ identity, proof });
    return proof;
  }

  /** Looked up once a start: asking takes seconds on some systems, and drivers rarely change while a program uses them. */
  #identify(): Promise<Identity> {
    this.#identity ??= this.#lookUp().catch((error: unknown) => {
      this.#identity = null;
      throw error;
    });
    return this.#identity;
  }

  async #lookUp(): Promise<Identity> {
    const { gpus } = await this.#options.hardware();
    return { gpus: gpus.map(({ name, driver }) => ({ name, driver })), ...this.#options.versions };
  }

  async #remembered(identity: Identity): Promise<GpuProof | null> {
    const all = (await readJsonFile(this.#options.file, Remembered)) ?? [];
    return all.find((known) => isSame(known.identity, identity))?.proof ?? null;
  }

  /** The newest first. A file that cannot be written costs another proof, not this one. */
  async #remember(entry: z.infer<typeof Remembered>[number]): Promise<void> {
    const { file, reportBug } = this.#options;
    const others = ((await readJsonFile(file, Remembered)) ?? []).filter(
      ({ identity }) => !isSame(identity, entry.identity),
    );
    await writeJsonFile(file, [entry, ...others].slice(0, mostRemembered)).catch(reportBug);
  }

  async #compute(): Promise<GpuProof> {
    const start = performance.now();
    const host = this.#options.createHost();
    this.#host = host;
    const timer = new AbortController();
    try {
      return await Promise.race([host.request('proveGpu', {}), this.#timeOut(timer.signal)]);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      return {
        ...{ isUsable: false, isSoftware: false, largestError: null },
        error: toWireError(failure, this.#options.reportBug),
        ...{ milliseconds: performance.now() - start, provedAtMs: Date.now() },
      };
    } finally {
      timer.abort();
      await host.end(); // one that hangs is killed
      this.#host = null;
    }
  }

  async #timeOut(signal: AbortSignal): Promise<never> {
    await this.#options.wait(longestProofMs, signal);
    throw new AppError('device.gpuTimedOut', { seconds: longestProofMs / 1000 });
  }
}

const isSame = (a: Identity, b: Identity): boolean => JSON.stringify(a) === JSON.stringify(b);

const isEnded = (error: unknown): boolean => error instanceof AppError && error.code === 'worker.ended';

/** What an error says of the GPU; null where it says something else. */
function failureOf(error: unknown): AppError | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'worker.crashed') return new AppError('device.gpuCrashed', error.params, { cause: error });
  return error.code === 'device.gpuTimedOut' ? error : null;
}
