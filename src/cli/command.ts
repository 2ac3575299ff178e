import type { Options, OptionKinds } from './options';

/** One thing the engine does from a terminal. Results go to stdout as JSON, everything else to stderr. */
export type Command = {
  /** What may follow the name, as the usage text shows it. */
  readonly usage: string;
  /** What it makes of what, as the usage text shows it. */
  readonly data: string;
  readonly options: OptionKinds;
  readonly run: (options: Options) => Promise<void>;
};
