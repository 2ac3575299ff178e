import { AppError } from '../shared/appError';
import type { Bridge } from '../shared/ipc/bridge';
import type { CallRoute, RouteOf, StreamRoute } from '../shared/ipc/contract';
import type { EventOf, InputOf, OutputOf, StreamFrame } from '../shared/ipc/define';
import type { WireError } from '../shared/wireError';

declare global {
  interface Window {
    readonly deskmate: Bridge;
  }
}

/** Asks main for one answer; an expected failure is thrown as an AppError. */
export async function call<R extends CallRoute>(route: R, input: InputOf<RouteOf<R>>): Promise<OutputOf<RouteOf<R>>> {
  const result = await window.deskmate.call(route, input);
  if (!result.ok) throw new AppError(result.error.code, result.error.params);
  // Outputs are typed by the contract in main and trusted here.
  return result.value as OutputOf<RouteOf<R>>;
}

/** The events of a stream, until main ends it or `signal` is aborted. Aborting closes the stream at once. */
export async function* stream<R extends StreamRoute>(
  route: R,
  input: InputOf<RouteOf<R>>,
  signal: AbortSignal,
): AsyncGenerator<EventOf<RouteOf<R>>, void, void> {
  if (signal.aborted) return;
  const frames: StreamFrame[] = [];
  let wake = (): void => undefined;
  const close = window.deskmate.openStream(route, input, (frame) => {
    frames.push(frame);
    wake();
  });
  const abort = (): void => {
    close();
    wake();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    while (!signal.aborted) {
      const frame = frames.shift();
      if (frame === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if (frame.kind === 'end') {
        if (frame.error !== null) throw new AppError(frame.error.code, frame.error.params);
        return;
      } else {
        // Events are typed by the contract in main and trusted here.
        yield frame.event as EventOf<RouteOf<R>>;
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
    if (!signal.aborted) close();
  }
}

/** What the interface shows of a failure. Anything that is not an AppError is a bug: reported whole, shown as internal. */
export function wireErrorOf(error: unknown): WireError {
  if (error instanceof AppError) return { code: error.code, params: { ...error.params } };
  reportError(error);
  return { code: 'internal', params: { message: error instanceof Error ? error.message : String(error) } };
}
