import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { projectRoot } from './project';

/** Bundles a program for Node into `folder`, each entry as NAME.js, as the app's worker is bundled: onnxruntime-node stays a package.
 *  `entries` gives each name its source from the project's root. */
export async function bundleProgram(folder: string, entries: Readonly<Record<string, string>>): Promise<void> {
  await build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['onnxruntime-node'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, source]) => [name, path.join(projectRoot, source)]),
        ),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
}
