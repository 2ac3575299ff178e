import { parentPort } from 'node:worker_threads';
import { hashStep, type HashedStep, type HashStep } from './hashStep';

export type HashAnswer = { readonly hashed: HashedStep | null } | { readonly failure: HashFailure };
/** Of an error, only what crosses from one thread to another. */
export type HashFailure = { readonly message: string; readonly code?: string };

// Whoever starts this thread gives it one step after the other.
const port = parentPort;
if (port === null) throw new Error('hashThread runs as a worker thread only');

port.on('message', (step: HashStep) => {
  hashStep(step).then(
    (hashed) => port.postMessage({ hashed } satisfies HashAnswer),
    (error: unknown) => port.postMessage({ failure: failureOf(error) } satisfies HashAnswer),
  );
});

function failureOf(error: unknown): HashFailure {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { message, ...(typeof code === 'string' && { code }) };
}
