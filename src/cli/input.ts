import { buffer } from 'node:stream/consumers';
import type { z } from 'zod';
import { AppError } from '../shared/appError';
import { firstProblem } from './firstProblem';

/** Reads stdin to its end as JSON of that shape. Throws `cli.invalidInput`. */
export const readInput = async <S extends z.ZodType>(schema: S): Promise<z.output<S>> =>
  parseInput(await buffer(process.stdin), schema);

/** UTF-8 → what `schema` makes of the JSON. Throws `cli.invalidInput` with the place that is wrong. */
export function parseInput<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.output<S> {
  const parsed = schema.safeParse(parseJson(decode(bytes)));
  if (parsed.success) return parsed.data;
  throw invalid(firstProblem(parsed.error), parsed.error);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid('it is not UTF-8', error);
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw invalid('stdin is empty, JSON is expected there');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
}

const invalid = (problem: string, cause?: unknown) => new AppError('cli.invalidInput', { problem }, { cause });
