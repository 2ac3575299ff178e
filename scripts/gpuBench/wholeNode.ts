import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { captureCommand } from '../captureCommand';
import { npmPack } from '../electron/npmPack';

/** As in gpuBench.sh: what the project is tested with. */
const packaged = `node-${process.platform}-${process.arch}@20.20.2`;

/** Puts a Node that needs no other file to `target`: this one, or where it is a part of the system's libraries, npm's. */
export async function copyWholeNode(target: string): Promise<void> {
  if (isWhole()) copyFileSync(process.execPath, target);
  else await fetchNode(target);
  chmodSync(target, 0o755);
  // A third of it are names for debuggers.
  await captureCommand('strip', [target]).catch(() => console.log('  (binutils are not installed: Node stays larger)'));
}

/** Debian builds Node as a shared library; Node's own configuration tells. */
function isWhole(): boolean {
  const { variables } = process.config as { variables: { node_shared?: boolean | string } }; // process.config is an open record
  return String(variables.node_shared) !== 'true';
}

async function fetchNode(target: string): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deskmate-node-'));
  try {
    console.log(`Fetching ${packaged} from npm.`);
    await captureCommand('tar', ['-xzf', await npmPack(packaged, folder), '-C', folder]);
    copyFileSync(path.join(folder, 'package', 'bin', 'node'), target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
