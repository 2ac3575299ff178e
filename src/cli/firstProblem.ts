import type { z } from 'zod';

/** What a schema says first, with the place: `messages[0].role: expected string, received number`. */
export function firstProblem(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  const problem = message.replace(/^Invalid \w+: /, '');
  return place === '' ? problem : `${place.replace(/^\./, '')}: ${problem}`;
}
