import type { AppError } from '../../shared/appError';
import { fromWireError } from '../../shared/wireError';
import type { ToWorker, WorkerEvent, WorkerInput, WorkerMethod, WorkerOutput } from '../../shared/workerProtocol';
import { FromWorker, workerMethods } from '../../shared/workerProtocol';

export type RequestOptions<M extends WorkerMethod> = {
  readonly onEvent?: (event: WorkerEvent<M>) => void;
  /** Asks the worker to end early; the promise still settles with what the worker answers. */
  readonly signal?: AbortSignal;
};

type Pending = {
  readonly onEvent: (event: unknown) => void;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
};

/** Requests to one worker process. Each promise settles once; frames after that are dropped. */
export class WorkerClient {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #closed: AppError | null = null;

  constructor(private readonly post: (frame: ToWorker) => void) {}

  request<M extends WorkerMethod>(
    method: M,
    input: WorkerInput<M>,
    { onEvent, signal }: RequestOptions<M> = {},
  ): Promise<WorkerOutput<M>> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    const schema = workerMethods[method];
    const cancel = () => this.post({ kind: 'cancel', id });
    const settled = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, {
        // The schema is the method's own, so what it accepts is that method's event or output.
        onEvent: (raw) => {
          const event = schema.event.parse(raw) as WorkerEvent<M>;
          onEvent?.(event);
        },
        resolve: (output) => resolve(schema.output.parse(output)),
        reject,
      });
    });
    this.post({ kind: 'request', id, method, input });
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
    return (settled as Promise<WorkerOutput<M>>).finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Takes one frame. A terminal one answers true: the process works. A malformed one is a bug and is thrown. */
  receive(raw: unknown): boolean {
    const frame = FromWorker.parse(raw);
    if (frame.kind === 'ready') return false;
    const pending = this.#pending.get(frame.id);
    if (frame.kind !== 'event') this.#pending.delete(frame.id);
    if (pending === undefined) return false;
    try {
      deliver(frame, pending);
    } catch (error) {
      // A malformed event or output: nobody listens any more, so the worker need not go on.
      this.#pending.delete(frame.id);
      if (frame.kind === 'event') this.post({ kind: 'cancel', id: frame.id });
      pending.reject(error);
    }
    return frame.kind !== 'event';
  }

  /** The process is gone or going, and with it every answer that was awaited; later requests fail the same way. */
  close(error: AppError): void {
    this.#closed ??= error;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

function deliver(frame: Exclude<FromWorker, { kind: 'ready' }>, pending: Pending): void {
  switch (frame.kind) {
    case 'event':
      return pending.onEvent(frame.event);
    case 'result':
      return pending.resolve(frame.output);
    case 'error':
      return pending.reject(fromWireError(frame.error));
    default:
      frame satisfies never;
  }
}
