import { AppError } from '../../shared/appError';
import type { CallRoute, Route, RouteOf, StreamRoute } from '../../shared/ipc/contract';
import { contract } from '../../shared/ipc/contract';
import type { EventOf, OutputOf, ParsedInputOf, Result, StreamFrame } from '../../shared/ipc/define';
import { toWireError } from '../../shared/wireError';

type CallHandlers = {
  [R in CallRoute]: (input: ParsedInputOf<RouteOf<R>>) => OutputOf<RouteOf<R>> | Promise<OutputOf<RouteOf<R>>>;
};
type StreamHandlers = {
  /** Emits until the function it returns is called. */
  [R in StreamRoute]: (
    input: ParsedInputOf<RouteOf<R>>,
    emit: (event: EventOf<RouteOf<R>>) => void,
  ) => (() => void) | Promise<() => void>;
};
export type Handlers = CallHandlers & StreamHandlers;

type AnyHandler = (input: unknown, emit?: (event: unknown) => void) => unknown;

/** The one place where renderer data becomes trusted: known route, parsed input, then its handler. */
export class Router {
  constructor(
    private readonly handlers: Handlers,
    private readonly reportBug: (bug: unknown) => void,
  ) {}

  /** Answers a call. Never rejects: a rejected `invoke` would keep only the message of its error. */
  async call(route: unknown, input: unknown): Promise<Result<unknown>> {
    try {
      const { handler, parsed } = this.#resolve('call', route, input);
      return { ok: true, value: await handler(parsed) };
    } catch (error) {
      return { ok: false, error: this.#wire(error) };
    }
  }

  /** Opens a stream and returns the function that closes it. After that, and after `end`, `send` is not called. */
  openStream(route: unknown, input: unknown, send: (frame: StreamFrame) => void): () => void {
    let isOpen = true;
    const open = async (): Promise<() => void> => {
      const { handler, parsed } = this.#resolve('stream', route, input);
      const emit = (event: unknown): void => void (isOpen && send({ kind: 'event', event }));
      // A stream's handler returns the function that ends it: StreamHandlers says so.
      return (await handler(parsed, emit)) as () => void;
    };
    const opened = open().catch((error: unknown) => {
      if (isOpen) send({ kind: 'end', error: this.#wire(error) });
      isOpen = false;
      return () => undefined;
    });
    return () => {
      isOpen = false;
      void opened.then((close) => close());
    };
  }

  #resolve(kind: 'call' | 'stream', route: unknown, input: unknown): { handler: AnyHandler; parsed: unknown } {
    if (typeof route !== 'string' || !isRoute(route) || contract[route].kind !== kind) {
      throw new AppError('ipc.unknownRoute', { route: String(route).slice(0, 100) });
    }
    const parsed = contract[route].input.safeParse(input);
    if (!parsed.success) throw new AppError('ipc.invalidInput', { route }, { cause: parsed.error });
    // The input was parsed by this very route's schema, so it is what its handler takes.
    return { handler: this.handlers[route] as AnyHandler, parsed: parsed.data };
  }

  #wire = (error: unknown) => toWireError(error, this.reportBug);
}

/** An own property: "constructor" and the like are no routes. */
const isRoute = (name: string): name is Route => Object.hasOwn(contract, name);
