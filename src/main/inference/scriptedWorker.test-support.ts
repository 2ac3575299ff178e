import { MessageChannel } from 'node:worker_threads';
import type { FromWorker, WorkerMethod } from '../../shared/workerProtocol';
import { ToWorker, workerProtocolVersion } from '../../shared/workerProtocol';
import type { WorkerProcess } from './workerProcess';

type Request = { readonly id: number; readonly input: unknown; readonly signal: AbortSignal };
export type Script = (request: Request, worker: ScriptedWorker) => void | Promise<void>;

/**
 * A worker at the other end of two connected ports that does what a test says, and can die. Structured clones and
 * asynchronous delivery are real; only the process is not.
 */
export class ScriptedWorker implements WorkerProcess {
  readonly received: ToWorker[] = [];
  readonly #channel = new MessageChannel();
  readonly #exitListeners: ((exitCode: number) => void)[] = [];
  readonly #running = new Map<number, AbortController>();
  #exited = false;
  ignoresShutdown = false;

  constructor(
    private readonly scripts: Partial<Record<WorkerMethod, Script>>,
    protocolVersion = workerProtocolVersion,
  ) {
    this.#channel.port2.on('message', (frame) => this.#take(ToWorker.parse(frame)));
    this.send({ kind: 'ready', protocolVersion });
  }

  post = (frame: ToWorker): void => this.#channel.port1.postMessage(frame);
  onFrame = (listener: (frame: unknown) => void): void => void this.#channel.port1.on('message', listener);
  onExit = (listener: (exitCode: number) => void): void => void this.#exitListeners.push(listener);
  kill = (): void => this.exit(137);

  /** Sends any frame, well-formed or not. */
  send(frame: FromWorker | { kind: 'nonsense' }): void {
    if (!this.#exited) this.#channel.port2.postMessage(frame);
  }

  /** Ends as a process does: frames already sent still arrive, then the exit. */
  exit(exitCode: number): void {
    if (this.#exited) return;
    this.#exited = true;
    setTimeout(() => {
      this.#channel.port2.close();
      for (const listener of this.#exitListeners) listener(exitCode);
    }, 5);
  }

  #take(frame: ToWorker): void {
    this.received.push(frame);
    if (this.#exited) return;
    switch (frame.kind) {
      case 'request':
        return void this.#run(frame);
      case 'cancel':
        return this.#running.get(frame.id)?.abort();
      case 'shutdown':
        if (!this.ignoresShutdown) this.exit(0);
        return;
      default:
        frame satisfies never;
    }
  }

  async #run({ id, method, input }: Extract<ToWorker, { kind: 'request' }>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, abort);
    await this.scripts[method]?.({ id, input, signal: abort.signal }, this);
  }
}
