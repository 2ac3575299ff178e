import { cpSync } from 'node:fs';
import path from 'node:path';
import { bundleProgram } from '../bundleProgram';
import { projectRoot } from '../project';

/** Builds the GPU benchmark and its engine into `folder`, with the packages it loads at run time beside it. */
export async function buildEngine(folder: string): Promise<void> {
  await bundleProgram(folder, { main: 'bench/gpu/main.ts', measurement: 'bench/gpu/measurement.ts' });
  copyPackage('onnxruntime-common', ['dist/cjs', 'dist/esm'], folder);
  copyPackage('onnxruntime-node', ['dist', `bin/napi-v6/${process.platform}/${process.arch}`], folder);
}

/** Only the parts that this machine's kind loads: the others are hundreds of megabytes. */
function copyPackage(name: string, parts: readonly string[], folder: string): void {
  const [from, to] = [projectRoot, folder].map((root) => path.join(root, 'node_modules', name));
  for (const part of ['package.json', ...parts])
    cpSync(path.join(from!, part), path.join(to!, part), {
      recursive: true,
      filter: (file) => !/\.(map|d\.ts)$/.test(file),
    });
}
