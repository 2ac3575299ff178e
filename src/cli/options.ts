import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { AppError } from '../shared/appError';
import { firstProblem } from './firstProblem';

/** The options of a command by name: those with a value, and flags without. */
export type OptionKinds = Readonly<Record<string, 'value' | 'flag'>>;

/** The options given on a command line. Every problem is a `cli.usage` that names the option. */
export class Options {
  constructor(private readonly given: ReadonlyMap<string, string>) {}

  has(name: string): boolean {
    return this.given.has(name);
  }

  /** The value of an option that the command cannot do without. */
  required(name: string): string {
    return this.given.get(name) ?? fail(`--${name} is missing`);
  }

  /** One of the words that `schema` names. */
  oneOf<T extends string>(name: string, schema: z.ZodType<T>): T {
    return check(name, { text: this.required(name), value: this.required(name), schema });
  }

  /** A decimal number within the bounds of `schema`, or nothing where the option is left out. */
  number(name: string, schema: z.ZodType<number>): number | undefined {
    const text = this.given.get(name);
    if (text === undefined) return undefined;
    if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) fail(`--${name} ${text} is not a number`);
    return check(name, { text, value: Number(text), schema });
  }
}

function check<T>(name: string, { text, value, schema }: { text: string; value: unknown; schema: z.ZodType<T> }): T {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : fail(`--${name} ${text} is wrong: ${firstProblem(parsed.error)}`);
}

/** Sorts arguments into options. Throws `cli.usage` for what the command does not know. */
export function readOptions(args: readonly string[], kinds: OptionKinds): Options {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, { type: kind === 'flag' ? 'boolean' : 'string' } as const]),
  );
  // Not strict: the messages are ours, and a value may begin with a minus.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') fail(`${JSON.stringify(token.value)} is one argument too many`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(kinds, name)) fail(`there is no option ${rawName}`);
    if (kinds[name] === 'flag' && value !== undefined) fail(`${rawName} takes no value`);
    if (kinds[name] === 'value' && (value === undefined || (!inlineValue && value.startsWith('--'))))
      fail(`${rawName} needs a value`);
    given.set(name, value ?? '');
  }
  return new Options(given);
}

function fail(problem: string): never {
  throw new AppError('cli.usage', { problem });
}
