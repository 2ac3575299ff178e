import { statfs } from 'node:fs/promises';
import { arch, cpus, homedir, platform, release, totalmem } from 'node:os';
import type { Hardware } from '../../shared/hardware';
import { freeMemory } from './freeMemory';
import { runProbe, type RunProbe } from './runProbe';

/** What detection asks of the computer. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Of the system's kernel. */
  readonly release: string;
  readonly cpu: { readonly name: string; readonly cores: number };
  /** Bytes; within the limits of a container, and what is free within the user's own. */
  readonly ram: () => { total: number; free: number };
  readonly disk: () => Promise<Hardware['disk']>;
  readonly run: RunProbe;
  readonly drmFolder: string;
};

/** PowerShell takes seconds to start; a driver's tool that takes longer than others do hangs. */
const timeoutMs: Readonly<Record<string, number>> = { powershell: 15_000 };

export const thisMachine: Machine = {
  platform: platform(),
  arch: arch(),
  release: release(),
  cpu: { name: cpus()[0]?.model.trim() ?? 'CPU', cores: cpus().length },
  ram: () => ({
    total: Math.min(totalmem(), process.constrainedMemory() || Infinity),
    free: freeMemory(),
  }),
  disk: () => volumeOf(homedir()),
  run: (command, args) => runProbe(timeoutMs[command] ?? 5_000)(command, args),
  drmFolder: '/sys/class/drm',
};

/** Free for this user, which is less than what is free. */
async function volumeOf(folder: string): Promise<Hardware['disk']> {
  const volume = await statfs(folder).catch(() => null);
  return volume && { folder, total: volume.blocks * volume.bsize, free: volume.bavail * volume.bsize };
}
