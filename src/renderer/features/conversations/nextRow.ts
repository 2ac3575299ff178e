const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, last) => last,
};

/** Where an arrow key, Home or End leads from the row at `index` (-1: from none) of `count`; null if the key is another one. */
export function nextRow(key: string, index: number, count: number): number | null {
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined || count === 0 ? null : step(index, count - 1);
}
