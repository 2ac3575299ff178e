import type { NamedModel } from '../../shared/model';

/** A model that can be loaded, and where what is needed for it lies. */
export type ConfiguredModel = NamedModel & {
  /** The checkpoint: at least its configuration and its vocabulary. */
  readonly folder: string;
  /** Where weights in a prepared form lie, or will. */
  readonly preparedFolder: string;
  /** Names the weights by their content; null: by place and time. */
  readonly fingerprint: string | null;
};
