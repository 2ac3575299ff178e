import { z } from 'zod';
import { AppError, errorCodes } from './appError';

/** An error as it crosses a process boundary: a code and parameters, worded where it is shown. */
export const WireError = z.object({
  code: z.enum(errorCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type WireError = z.infer<typeof WireError>;

/** AppError → code and params. Anything else is a bug: it is reported whole and shown as "internal". */
export function toWireError(error: unknown, reportBug: (bug: unknown) => void): WireError {
  if (error instanceof AppError) return { code: error.code, params: { ...error.params } };
  reportBug(error);
  return { code: 'internal', params: {} };
}

export const fromWireError = ({ code, params }: WireError): AppError => new AppError(code, params);
