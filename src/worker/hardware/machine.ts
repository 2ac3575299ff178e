import { arch, cpus, platform, totalmem } from 'node:os';
import { runProbe, type RunProbe } from './runProbe';

/** What detection asks of the computer. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly cpu: { readonly name: string; readonly cores: number };
  /** Bytes; within the limits of a container. */
  readonly ram: () => { total: number; free: number };
  readonly run: RunProbe;
  readonly drmFolder: string;
};

export const thisMachine: Machine = {
  platform: platform(),
  arch: arch(),
  cpu: { name: cpus()[0]?.model.trim() ?? 'CPU', cores: cpus().length },
  ram: () => ({
    total: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    free: process.availableMemory(),
  }),
  run: runProbe(5_000),
  drmFolder: '/sys/class/drm',
};
