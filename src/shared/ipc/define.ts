import type { z } from 'zod';
import type { WireError } from '../wireError';

/** The only two shapes a route may have: one answer, or events until either side ends. */
export const call = <I extends z.ZodType, O extends z.ZodType>(route: { input: I; output: O }) =>
  ({ kind: 'call', ...route }) as const;
export const stream = <I extends z.ZodType, E extends z.ZodType>(route: { input: I; event: E }) =>
  ({ kind: 'stream', ...route }) as const;

export type InputOf<R extends { input: z.ZodType }> = z.input<R['input']>;
export type ParsedInputOf<R extends { input: z.ZodType }> = z.output<R['input']>;
export type OutputOf<R extends { output: z.ZodType }> = z.output<R['output']>;
export type EventOf<R extends { event: z.ZodType }> = z.output<R['event']>;

export type Result<T> = { ok: true; value: T } | { ok: false; error: WireError };

/** What arrives for an open stream: events in order, then at most one `end`. */
export type StreamFrame = { kind: 'event'; event: unknown } | { kind: 'end'; error: WireError | null };
