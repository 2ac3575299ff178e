import type { GpuProof } from '../../shared/hardware';
import type { ModelId } from '../../shared/library';
import type { Device, Precision } from '../../shared/precision';
import type { Measurement } from '../../shared/verdict';
import type { Network } from '../download/downloadOptions';
import type { WorkerHost } from '../inference/workerHost';
import type { SettingsFile } from '../settings/settingsFile';
import type { CatalogModel } from './catalog';

export type InstallRequest = {
  readonly modelId: ModelId;
  readonly precision: Precision;
  readonly device: Device;
  readonly keepsOriginals: boolean;
};

export type LibraryOptions = {
  readonly places: {
    readonly demoModel: string;
    /** Where models lie unless the user moved them. */
    readonly modelsFolder: string;
    /** Of the demo's prepared weights. */
    readonly preparedFolder: string;
    readonly home: string;
    /** Folders of the app in which no models may be put. */
    readonly reserved: readonly string[];
  };
  readonly catalog: readonly CatalogModel[];
  readonly settings: SettingsFile;
  readonly network: Network;
  /** The inference process, which is asked how a model would run. */
  readonly host: Pick<WorkerHost, 'request'>;
  readonly newPrepareHost: () => WorkerHost;
  /** What is known of how models run on this computer. */
  readonly experience: (modelId: ModelId) => Promise<{ proof: GpuProof | null; measurements: Measurement[] }>;
  /** What unloading the model that runs would give back. */
  readonly released: () => { readonly ramBytes: number; readonly vramBytes: number };
  /** Loads what is chosen now; resolves when no file of what ran before is open. */
  readonly reload: () => Promise<void>;
  /** Resolves when no model is being loaded; until the returned function is called none is. */
  readonly holdLoads: () => Promise<() => void>;
  /** Asks the user for a folder; null when they chose none. */
  readonly pickFolder: () => Promise<string | null>;
  readonly nowMs: () => number;
  readonly reportBug: (bug: unknown) => void;
};
