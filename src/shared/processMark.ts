/** What the system tells of processes. */
export type System = {
  /** The text of one of its files; null where there is none, or it may not be read. */
  readonly read: (file: string) => string | null;
  readonly hostName: string;
  /** Whether any process has this number now. */
  readonly isRunning: (pid: number) => boolean;
};

/** What Node tells of the system, as it tells it: `readFile` throws where it cannot, `signal` where no process has the number. */
type NodeSystem = {
  readonly readFile: (file: string) => string;
  readonly hostName: string;
  readonly signal: (pid: number) => unknown;
};

/** The system that this process runs on. */
export const systemOf = ({ readFile, hostName, signal }: NodeSystem): System => ({
  hostName,
  read(file) {
    try {
      return readFile(file);
    } catch {
      return null; // no such process, no such system, or none of our business: whoever asks has another way then
    }
  },
  isRunning(pid) {
    try {
      signal(pid);
      return true;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
    }
  },
});

/**
 * A name for a process that no other process has, before it, after it or elsewhere, as far as the system tells: its number,
 * when it was started, and where its number means something. Made of characters that a file's name may have.
 */
export const markOf = (pid: number, system: System): string =>
  [pid, startOf(pid, system) ?? 'unknown', placeOf(system)].join('-');

/** Whether the process of a mark lives; null where nothing here can tell, and only what it does may. */
export function isLiving(mark: string, system: System): boolean | null {
  const [number, start, place] = mark.split('-');
  const pid = Number(number);
  if (place !== placeOf(system) || !Number.isInteger(pid)) return null;
  const startNow = startOf(pid, system);
  if (startNow !== null && start !== 'unknown') return startNow === start;
  return system.isRunning(pid) ? null : false;
}

/** Linux alone tells when a process was started, in ticks since the computer was (proc(5), field 22 of stat). */
function startOf(pid: number, { read }: System): string | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // a program's name may have any character
  return 'ZX'.includes(state) ? 'ended' : (fields[18] ?? null);
}

/**
 * The computer since it was started, and within it the container, whose first process was started at another time than that of
 * any other. Where Linux tells none of it: the computer.
 */
function placeOf(system: System): string {
  const boot = system.read('/proc/sys/kernel/random/boot_id')?.slice(0, 8);
  const place = boot === undefined ? system.hostName : `${boot}.${startOf(1, system) ?? ''}`;
  return place.slice(0, 64).replace(/[^\w.]/g, '_');
}
