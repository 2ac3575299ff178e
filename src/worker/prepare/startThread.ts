import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Beside this file in the sources; beside the bundle, or above its chunks, in the built app. */
const places = ['./prepareThread.ts', './prepareThread.js', '../prepareThread.js'];

/** Starts prepareThread, which makes files in `folder`. */
export function startThread(folder: string): Worker {
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (entry === undefined) throw new Error('prepareThread is missing beside the program');
  return new Worker(entry, {
    workerData: { folder },
    ...(entry.pathname.endsWith('.ts') && { execArgv: readTypeScript() }),
  });
}

/** Only tests and tools run the sources themselves; tsx, which reads them, is not part of the app. */
function readTypeScript(): string[] {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  return ['--import', pathToFileURL(tsx).href];
}
