import { afterAll, beforeAll } from 'vitest';

/** A document without a layout gives no element a height: here each has this many CSS pixels, so that a list knows what is in view. */
export function withElementsHigh(px: number): void {
  const { clientHeight } = Object.getOwnPropertyDescriptors(HTMLElement.prototype);
  beforeAll(() => Object.defineProperty(HTMLElement.prototype, 'clientHeight', { ...clientHeight, get: () => px }));
  afterAll(() => Object.defineProperty(HTMLElement.prototype, 'clientHeight', clientHeight));
}
