import type { SourceId } from '../../../shared/library';

const allSources: readonly SourceId[] = ['modelscope', 'huggingFace', 'hfMirror', 'custom'];

/** Every source once: those that the settings do not name come last. */
export const completeOrder = (order: readonly SourceId[]): SourceId[] => [
  ...order,
  ...allSources.filter((source) => !order.includes(source)),
];

/** `source` one place up (-1) or down (1); at an end it stays. */
export function movedSource(order: readonly SourceId[], source: SourceId, by: -1 | 1): SourceId[] {
  const from = order.indexOf(source);
  const to = from + by;
  if (from === -1 || to < 0 || to >= order.length) return [...order];
  const rest = order.filter((other) => other !== source);
  return [...rest.slice(0, to), source, ...rest.slice(to)];
}
