import { backportsSource, type SourceFile } from './backportsSource';
import type { InstalledPackages } from './installedPackages';

/** Mesa's Vulkan driver that computes on the CPU: with it the GPU path is tested on machines without a GPU. */
export const lavapipePackage = 'mesa-vulkan-drivers';
/** Dawn, ONNX Runtime's WebGPU, refuses the 22.3 of Debian 12; its backports have 25.0. */
const oldestMajor = 23;

/** How to come by a lavapipe that Dawn accepts: from which suite, and which source makes that suite known. */
export interface LavapipePlan {
  readonly release: string | undefined;
  readonly source: SourceFile | undefined;
}

/** Undefined when a usable one is installed. */
export function planLavapipe(
  installed: InstalledPackages,
  codename: string,
  sources: readonly SourceFile[],
): LavapipePlan | undefined {
  if (Number.parseInt(installed.get(lavapipePackage) ?? '0') >= oldestMajor) return undefined;
  if (codename !== 'bookworm') return { release: undefined, source: undefined };
  return { release: 'bookworm-backports', source: backportsSource(sources, codename) };
}
