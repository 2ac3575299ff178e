import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Beside this file in the sources; beside the bundle, or above its chunks, in the built app. */
const places = ['./prepareThread.ts', './prepareThread.js', '../prepareThread.js'];

/** Starts prepareThread, which makes files in `folder`. */
export function startThread(folder: string): Worker {
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (entry === undefined) throw new Error('prepareThread is missing beside the program');
  const options = { workerData: { folder } };
  return entry.pathname.endsWith('.ts')
    ? new Worker(importTypeScript(entry), { ...options, eval: true })
    : new Worker(entry, options);
}

/** A program that runs a TypeScript file. Only tests and tools run the sources themselves, by tsx, which is not part of the
 *  app and does not reach into threads by itself. */
function importTypeScript(entry: URL): string {
  const tsx = import.meta.resolve('tsx/esm/api');
  return `import('${tsx}').then(({ register }) => { register(); return import('${entry.href}'); });`;
}
