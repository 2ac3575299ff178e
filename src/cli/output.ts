/** Writes one line of JSON to stdout; resolves when the reader has room for more. */
export const writeLine = (value: unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve()));
  });

/** A reader that has seen enough, like head, ends the program quietly, as it would any other; what it would still have done is not done. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(1);
  });
}
