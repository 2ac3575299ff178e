/** Gives `value` to every listener. One that throws is a bug of its own: the others and the caller go on. */
export function tellAll<T>(listeners: Iterable<(value: T) => void>, value: T, reportBug: (bug: unknown) => void): void {
  for (const listener of [...listeners]) {
    try {
      listener(value);
    } catch (error) {
      reportBug(error);
    }
  }
}
