import type { InstallStage } from '../../shared/library';
import type { BandwidthLimit } from '../download/bandwidthLimit';
import type { DownloadProgress, Network } from '../download/downloadOptions';
import type { WorkerHost } from '../inference/workerHost';
import type { SourceSettings } from './connect';
import type { ModelPlaces } from './modelPlaces';
import type { InstallOrder } from './records';

/** What installations need of the world. */
export type InstallServices = {
  readonly network: Network;
  readonly limit: BandwidthLimit;
  /** A prepare process of the installation's own. */
  readonly newHost: () => WorkerHost;
  /** As the settings say, now. */
  readonly sources: () => SourceSettings;
  readonly nowMs: () => number;
};

/** One run of an installation: from what is on the disk to a whole model, or to the error that stopped it. */
export type InstallWork = {
  readonly places: ModelPlaces;
  readonly services: InstallServices;
  readonly host: WorkerHost;
  readonly report: InstallReport;
  readonly signal: AbortSignal;
};

/** How a run tells what it is doing. */
export type InstallReport = {
  stage(stage: InstallStage): void;
  total(bytes: number): void;
  done(bytes: number): void;
  download(progress: DownloadProgress): void;
  prepared(bytes: number): void;
  /** The order says more than before; it is on the disk. */
  order(order: InstallOrder): Promise<void>;
};
