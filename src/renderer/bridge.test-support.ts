import { AppError } from '../shared/appError';
import type { StreamFrame } from '../shared/ipc/define';
import type { WireError } from '../shared/wireError';

type Answer = (input: unknown) => unknown;
type Open = { readonly route: string; readonly input: unknown; readonly onFrame: (frame: StreamFrame) => void };

/** The edge to main, played by a test: calls are answered by `answers`, streams are fed with `tell`. */
export function installBridge(answers: Readonly<Record<string, Answer>> = {}) {
  const calls: { readonly route: string; readonly input: unknown }[] = [];
  const open = new Set<Open>();
  const first = new Map<string, unknown>();
  const bridge = {
    call: async (route: string, input: unknown) => {
      calls.push({ route, input });
      try {
        return { ok: true as const, value: await Promise.resolve(answers[route]?.(input) ?? {}) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { ok: false as const, error: { code: error.code, params: { ...error.params } } };
      }
    },
    openStream: (route: string, input: unknown, onFrame: (frame: StreamFrame) => void) => {
      const stream = { route, input, onFrame };
      open.add(stream);
      if (first.has(route)) queueMicrotask(() => onFrame({ kind: 'event', event: first.get(route) }));
      return () => void open.delete(stream);
    },
  };
  Object.defineProperty(window, 'deskmate', { value: bridge, configurable: true });
  const send = (route: string, frame: StreamFrame): void => {
    for (const stream of open) if (stream.route === route) stream.onFrame(frame);
  };
  return {
    calls,
    open,
    /** What a stream of this route says as soon as it is opened. */
    begin: (route: string, event: unknown): void => void first.set(route, event),
    tell: (route: string, event: unknown): void => send(route, { kind: 'event', event }),
    end: (route: string, error: WireError | null): void => send(route, { kind: 'end', error }),
  };
}
