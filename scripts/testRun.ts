import { resolveElectron } from './electronRuntime';
import { ensureSqlite } from './ensureSqlite';
import { runSteps } from './runSteps';
import { checkSandbox } from './sandbox';
import { ensureSystemPackages } from './systemPackages';
import type { TestStep } from './testSteps';
import { startVirtualDisplay } from './virtualDisplay';

/** Runs test steps on a machine that has all they need, with a screen of their own. */
export async function testRun(steps: (display: string | undefined) => readonly TestStep[]): Promise<void> {
  await ensureSqlite();
  const runtime = await resolveElectron();
  await ensureSystemPackages('tests', runtime.executable);
  checkSandbox(runtime);
  const display = await startVirtualDisplay();
  try {
    await runSteps(steps(display.name));
  } finally {
    display.stop();
  }
}
