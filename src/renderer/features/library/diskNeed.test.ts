import { expect, test } from 'vitest';
import { diskNeed } from './diskNeed';

const gib = 1024 ** 3;
const plan = { verdict: { diskBytes: 6 * gib, diskBytesBesideOriginals: 5 * gib }, downloadBytes: 15 * gib };

test('without originals only the prepared weights stay, and two gigabytes wait for their turn', () => {
  expect(diskNeed({ ...plan, keepsOriginals: false })).toEqual({ prepared: 6 * gib, kept: 6 * gib, most: 8 * gib });
});

test('with originals both stay, and what they have is not copied', () => {
  expect(diskNeed({ ...plan, keepsOriginals: true })).toEqual({ prepared: 5 * gib, kept: 20 * gib, most: 20 * gib });
});
