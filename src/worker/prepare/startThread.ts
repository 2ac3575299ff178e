import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { importingTypeScript, threadPlaces } from '../../shared/threadEntry';

const places = threadPlaces('prepareThread');

/** Starts prepareThread, which makes files in `folder`. */
export function startThread(folder: string): Worker {
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (entry === undefined) throw new Error('prepareThread is missing beside the program');
  const options = { workerData: { folder } };
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, options);
  return new Worker(importingTypeScript(import.meta.resolve('tsx/esm/api'), entry.href), { ...options, eval: true });
}
