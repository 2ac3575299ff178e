import type { Result, StreamFrame } from './define';

/** The channels between preload and main; the only strings on the wire that are not routes. */
export const channels = {
  call: 'deskmate:call',
  openStream: 'deskmate:stream.open',
  closeStream: 'deskmate:stream.close',
  frame: 'deskmate:stream.frame',
} as const;

/** What the preload puts on `window.deskmate`. Routes and inputs are checked in main, not here. */
export type Bridge = {
  call: (route: string, input: unknown) => Promise<Result<unknown>>;
  /** Returns a function that closes the stream; frames stop at once. */
  openStream: (route: string, input: unknown, onFrame: (frame: StreamFrame) => void) => () => void;
};
