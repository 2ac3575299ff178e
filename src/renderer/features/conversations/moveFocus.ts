const steps: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_index, last) => last,
};

/** Moves the focus along `items` for an arrow key, Home or End; false if the key is another one. */
export function moveFocus(items: readonly HTMLElement[], key: string): boolean {
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (step === undefined) return false;
  const focused = items.findIndex((item) => item.parentElement?.contains(document.activeElement) ?? false);
  const next = items[step(focused, items.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return true;
}
