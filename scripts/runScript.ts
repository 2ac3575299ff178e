import { Failure } from './failure';

/** Runs a script's main function: a Failure ends it with its message alone, any other error with its stack. */
export function runScript(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error instanceof Failure ? `\n${error.message}\n` : error);
    process.exitCode = 1;
  });
}
