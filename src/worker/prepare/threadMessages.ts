import { AppError } from '../../shared/appError';
import { fromWireError, toWireError, type WireError } from '../../shared/wireError';
import type { FileJob } from './fileJob';
import type { MadeFile } from './preparedManifest';

export type ToThread = FileJob;

export type FromThread =
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'made'; readonly made: MadeFile | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An error as it crosses a thread boundary, where only its message and stack would survive. */
type Failure =
  | { readonly app: WireError }
  | { readonly message: string; readonly stack?: string; readonly code?: string; readonly syscall?: string };

export function packError(error: unknown): Failure {
  if (error instanceof AppError) return { app: toWireError(error, () => undefined) };
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  return {
    message,
    ...(stack !== undefined && { stack }),
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('syscall' in error && typeof error.syscall === 'string' && { syscall: error.syscall }),
  };
}

export function unpackError(failure: Failure): Error {
  if ('app' in failure) return fromWireError(failure.app);
  const { message, ...rest } = failure;
  return Object.assign(new Error(message), rest);
}
