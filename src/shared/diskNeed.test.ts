import { expect, test } from 'vitest';
import { diskNeed } from './diskNeed';

const verdict = { diskBytes: 6e9, diskBytesBesideOriginals: 5e9, largestTensorBytes: 1.25e9 };
const plan = { verdict, downloadBytes: 15e9 };

test('without originals only the prepared weights stay, and the largest tensor waits for its turn', () => {
  const need = { prepared: 6e9, kept: 6e9, waiting: 1.25e9, most: 7.25e9 };
  expect(diskNeed({ ...plan, keepsOriginals: false })).toEqual(need);
});

test('smaller tensors may wait together up to a gigabyte, and never more than all there is', () => {
  const small = { ...verdict, largestTensorBytes: 6e8 };
  expect(diskNeed({ ...plan, verdict: small, keepsOriginals: false })).toMatchObject({ waiting: 1e9, most: 7e9 });
  expect(diskNeed({ verdict: small, downloadBytes: 7e8, keepsOriginals: false })).toMatchObject({ waiting: 7e8 });
});

test('with originals both stay, and what they have is not copied', () => {
  const need = { prepared: 5e9, kept: 20e9, waiting: 0, most: 20e9 };
  expect(diskNeed({ ...plan, keepsOriginals: true })).toEqual(need);
});
