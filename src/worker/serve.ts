import { z } from 'zod';
import { AppError } from '../shared/appError';
import { toWireError } from '../shared/wireError';
import {
  ToWorker,
  workerMethods,
  workerProtocolVersion,
  type FromWorker,
  type WorkerEvent,
  type WorkerInput,
  type WorkerMethod,
  type WorkerOutput,
} from '../shared/workerProtocol';

/** One end of a channel to the process that asks. */
export type Port = {
  readonly send: (frame: FromWorker) => void;
  readonly onFrame: (listener: (frame: unknown) => void) => void;
};

/** What the worker can do. `signal` is aborted when the answer is no longer wanted; the method then ends soon, with what it has. */
export type Methods = {
  readonly [M in WorkerMethod]: (
    input: WorkerInput<M>,
    context: { emit: (event: WorkerEvent<M>) => void; signal: AbortSignal },
  ) => Promise<WorkerOutput<M>>;
};

type Options = {
  methods: Methods;
  reportBug: (bug: unknown) => void;
  /** Called when a shutdown frame has come and all that ran has ended. */
  onShutdown: () => void;
};

/** Says it is ready, then answers frames. Every request ends in exactly one result or error frame, and nothing follows it. */
export function serve(port: Port, options: Options): void {
  const service = new Service(port, options);
  port.onFrame((raw) => service.receive(raw));
  port.send({ kind: 'ready', protocolVersion: workerProtocolVersion });
}

type Request = Extract<ToWorker, { kind: 'request' }>;

class Service {
  readonly #running = new Map<number, AbortController>();
  readonly #ended = new Set<Promise<void>>();

  constructor(
    private readonly port: Port,
    private readonly options: Options,
  ) {}

  receive(raw: unknown): void {
    const frame = ToWorker.safeParse(raw);
    if (!frame.success) return this.#refuse(raw, frame.error);
    switch (frame.data.kind) {
      case 'request':
        return this.#start(frame.data);
      case 'cancel':
        return this.#running.get(frame.data.id)?.abort();
      case 'shutdown':
        for (const abort of this.#running.values()) abort.abort();
        return void Promise.all(this.#ended).then(this.options.onShutdown);
      default:
        frame.data satisfies never;
    }
  }

  /** A request that cannot be read still gets its answer, if only its number can be. */
  #refuse(raw: unknown, cause: unknown): void {
    this.options.reportBug(cause);
    const request = z.object({ kind: z.literal('request'), id: z.int(), method: z.unknown() }).safeParse(raw);
    if (!request.success) return;
    const { id, method } = request.data;
    this.port.send({ kind: 'error', id, error: { code: 'ipc.unknownRoute', params: { route: String(method) } } });
  }

  #start(request: Request): void {
    const { id } = request;
    if (this.#running.has(id)) return this.options.reportBug(new Error(`request ${id} is running already`));
    const abort = new AbortController();
    this.#running.set(id, abort);
    const ended = this.#answer(request, abort).finally(() => this.#ended.delete(ended));
    this.#ended.add(ended);
  }

  async #answer({ id, method, input }: Request, abort: AbortController): Promise<void> {
    let terminal: FromWorker;
    const emit = (event: unknown) => {
      if (this.#running.get(id) === abort) this.port.send({ kind: 'event', id, event });
    };
    try {
      const output = await this.#run({ method, input }, { emit, signal: abort.signal });
      terminal = { kind: 'result', id, output };
    } catch (error) {
      terminal = { kind: 'error', id, error: this.#wireError(error, abort.signal) };
    }
    this.#running.delete(id);
    this.port.send(terminal);
  }

  async #run<M extends WorkerMethod>(
    { method, input }: { method: M; input: unknown },
    context: Parameters<Methods[M]>[1],
  ): Promise<WorkerOutput<M>> {
    const parsed = workerMethods[method].input.safeParse(input);
    if (!parsed.success) throw new AppError('ipc.invalidInput', { route: method }, { cause: parsed.error });
    // The schema is the method's own; TypeScript loses that when it looks both up by M.
    return this.options.methods[method](parsed.data as WorkerInput<M>, context);
  }

  /** Whoever cancelled a request knows why it ended: only other surprises are bugs. */
  #wireError(error: unknown, signal: AbortSignal) {
    const isCancel = signal.aborted && error === signal.reason;
    return toWireError(error, isCancel ? () => undefined : this.options.reportBug);
  }
}
