import { expect, test } from 'vitest';
import { restartDelayMs } from './restartPolicy';

test('waits half a second, two, eight, then stays down', () => {
  expect([1, 2, 3, 4, 5].map(restartDelayMs)).toEqual([500, 2_000, 8_000, null, null]);
});
