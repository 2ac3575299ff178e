import path from 'node:path';
import { captureCommand } from '../captureCommand';

/** Fetches a package's tarball into `folder` with npm itself, so that its registry, proxy and credentials apply. */
export async function npmPack(specifier: string, folder: string): Promise<string> {
  const args = ['pack', specifier, '--pack-destination', folder, '--json', '--silent'];
  const [packed] = parsePacked(await captureCommand('npm', args, { cwd: folder }));
  if (packed === undefined) throw new Error(`npm pack ${specifier} delivered nothing.`);
  return path.join(folder, path.basename(packed.filename));
}

/** npm's own report, one entry for each package. */
// The cast is sound as far as npm keeps its documented output; a missing entry is caught above.
const parsePacked = (json: string): { filename: string }[] => JSON.parse(json) as { filename: string }[];
