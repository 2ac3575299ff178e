import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { importingTypeScript, threadPlaces } from '../../shared/threadEntry';
import { hashStep, type HashedStep, type HashStep } from './hashStep';
import type { HashAnswer, HashFailure } from './hashThread';

/** In a few milliseconds of this thread; a thread of its own takes longer to start. */
const fewBytes = 2 << 20;
const places = threadPlaces('hashThread');

/**
 * Hashes what a download brings: in a thread of its own, since a fast line brings more than could be hashed beside everything
 * else that this one does. One step at a time.
 */
export class Hashing {
  #thread: Worker | null = null;
  #waiting: { readonly resolve: (hashed: HashedStep | null) => void; readonly reject: (error: Error) => void } | null =
    null;

  /** `bytes`: how much there will be to hash. */
  constructor(private readonly bytes: number) {}

  step(step: HashStep): Promise<HashedStep | null> {
    if (this.bytes <= fewBytes) return hashStep(step);
    const thread = (this.#thread ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      thread.postMessage(step);
    });
  }

  /** Nothing may be under way any more. */
  async end(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = startThread();
    thread.on('message', (answer: HashAnswer) => {
      if ('hashed' in answer) this.#waiting?.resolve(answer.hashed);
      else this.#waiting?.reject(errorOf(answer.failure));
    });
    thread.on('error', (error) => this.#waiting?.reject(error));
    thread.on('exit', (code) => {
      this.#thread = null;
      this.#waiting?.reject(new Error(`The hashing thread ended with ${code}`));
    });
    return thread;
  }
}

const errorOf = ({ message, ...rest }: HashFailure): Error => Object.assign(new Error(message), rest);

function startThread(): Worker {
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(fileURLToPath(url)));
  if (entry === undefined) throw new Error('hashThread is missing beside the program');
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry);
  return new Worker(importingTypeScript(import.meta.resolve('tsx/esm/api'), entry.href), { eval: true });
}
