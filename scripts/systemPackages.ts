import { rmSync, writeFileSync } from 'node:fs';
import { Failure, reasonOf } from './failure';
import { aptCommand, aptInstall, hasApt, isRoot } from './system/apt';
import { aptSources, releaseCodename } from './system/aptSources';
import { installedPackages, missingPackages } from './system/installedPackages';
import { lavapipePackage, planLavapipe, type LavapipePlan } from './system/lavapipe';
import { neededPackages, type Purpose } from './system/neededPackages';
import { installCommand, missingLibraries } from './system/sharedLibraries';

/**
 * Sees to it that the system has what running Electron (`executable`) for `purpose` needs. As root on Debian it installs
 * what is missing and says so first; anywhere else it throws a Failure with the names and the command.
 */
export async function ensureSystemPackages(purpose: Purpose, executable: string): Promise<void> {
  if (process.platform !== 'linux') return;
  if (!hasApt()) return await checkLibraries(executable);
  const installed = await installedPackages();
  const packages = missingPackages(neededPackages[purpose], installed);
  const lavapipe = purpose === 'tests' ? planLavapipe(installed, releaseCodename(), aptSources()) : undefined;
  if (packages.length === 0 && lavapipe === undefined) return;
  if (!isRoot()) throw new Failure(tell(packages, lavapipe));
  try {
    if (packages.length > 0) await install(packages);
    if (lavapipe !== undefined) await installLavapipe(lavapipe);
  } catch (error) {
    throw new Failure(`The system packages could not be installed.\n${reasonOf(error)}`, { cause: error });
  }
}

async function checkLibraries(executable: string): Promise<void> {
  const libraries = await missingLibraries(executable);
  if (libraries.length === 0) return;
  throw new Failure(`Deskmate's window needs libraries that are not installed: ${libraries.join(', ')}.
Install them with
    ${installCommand(libraries)}
and run the same command again.`);
}

async function install(packages: readonly string[]): Promise<void> {
  console.log(`Installing system packages that are missing (apt-get): ${packages.join(' ')}`);
  await aptInstall(packages);
}

async function installLavapipe({ release, source }: LavapipePlan): Promise<void> {
  console.log(
    `Installing ${lavapipePackage}${release === undefined ? '' : ` from ${release}`} (apt-get), for GPU tests.`,
  );
  if (source !== undefined) {
    console.log(`  ${source.path} adds that suite, as your own sources name it.`);
    writeFileSync(source.path, source.text);
  }
  try {
    await aptInstall([lavapipePackage], release);
  } catch (error) {
    if (source !== undefined) rmSync(source.path);
    throw error;
  }
}

function tell(packages: readonly string[], lavapipe: LavapipePlan | undefined): string {
  const lines = ['These system packages are missing:'];
  if (packages.length > 0) lines.push(`  ${packages.join(' ')}`);
  if (lavapipe !== undefined) lines.push(`  ${lavapipePackage}, for tests of the GPU path without a GPU`);
  lines.push('Install them with');
  if (packages.length > 0) lines.push(`    ${aptCommand(packages)}`);
  if (lavapipe !== undefined) lines.push(...lavapipeCommands(lavapipe));
  return [...lines, 'and run the same command again.'].join('\n');
}

function lavapipeCommands({ release, source }: LavapipePlan): string[] {
  const target = release === undefined ? [] : ['-t', release];
  const install = `    ${aptCommand([...target, lavapipePackage])}`;
  if (source === undefined) return [install];
  const text = source.text.trimEnd().replaceAll("'", String.raw`'\''`);
  return [`    echo '${text}' | sudo tee ${source.path}`, '    sudo apt-get update', install];
}
