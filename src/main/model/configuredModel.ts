import type { LoadedModel, NamedModel } from '../../shared/model';
import type { Device, Precision } from '../../shared/precision';

/** How a model runs. */
export type Way = { readonly precision: Precision; readonly device: Device };

/** A model that can be loaded, and where what is needed for it lies. */
export type ConfiguredModel = NamedModel & {
  /** The checkpoint: at least its configuration and its vocabulary. */
  readonly folder: string;
  /** Where weights in a prepared form lie, or will. */
  readonly preparedFolder: string;
  /** Names the weights by their content; null: by place and time. */
  readonly fingerprint: string | null;
  /** The only ways in which it can be opened, because nothing else is on the disk; null: in any. */
  readonly forms: readonly Way[] | null;
};

/** What is to be loaded. */
export type ChosenModel = {
  readonly model: ConfiguredModel;
  /** What the user chose, where that cannot be loaded and this is the demo. */
  readonly insteadOf: LoadedModel['insteadOf'];
};
