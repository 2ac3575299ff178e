import { expect, test } from 'vitest';
import { diskNeed } from './diskNeed';

const gib = 1024 ** 3;
const plan = { verdict: { diskBytes: 6 * gib }, downloadBytes: 15 * gib };

test('without originals only the prepared weights stay, and two gigabytes wait for their turn', () => {
  expect(diskNeed({ ...plan, keepsOriginals: false })).toEqual({ kept: 6 * gib, most: 8 * gib });
});

test('with originals both stay', () => {
  expect(diskNeed({ ...plan, keepsOriginals: true })).toEqual({ kept: 21 * gib, most: 21 * gib });
});
