import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ElectronRuntime } from './electronRuntime';
import { Failure } from './failure';

/** Chromium's sandbox does not work for root; development and tests may run without it, a packaged app never does. */
export const sandboxArguments = (): string[] => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/** Kernel switches that forbid the sandbox's first way, user namespaces; value that forbids. */
const restrictions = [
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0'],
] as const;

/** Throws a Failure with the cure where the sandbox cannot work: no user namespaces, and no privileged helper instead. */
export function checkSandbox(runtime: ElectronRuntime): void {
  const helper = path.join(runtime.folder, 'chrome-sandbox');
  if (process.platform !== 'linux' || process.getuid?.() === 0 || !existsSync(helper)) return;
  const restricted = restrictions.some(
    ([file, value]) => existsSync(file) && readFileSync(file, 'utf8').trim() === value,
  );
  const { uid, mode } = statSync(helper);
  const isPrivileged = uid === 0 && (mode & 0o4000) !== 0;
  if (!restricted || isPrivileged) return;
  throw new Failure(`This system forbids user namespaces, so Electron's sandbox needs its helper to belong to root:
    sudo chown root ${helper} && sudo chmod 4755 ${helper}
Then run the same command again.`);
}
