import { expect, test } from 'vitest';
import { errorText } from './errorText';
import { translate } from './translate';
import type { WireError } from './wireError';

const outOfMemory = (params: WireError['params']): WireError => ({ code: 'session.outOfMemory', params });
const figures = { neededGb: '31.0', freeGb: '8.0' };

test('an error of memory says which precision on which device was tried, in words of both languages', () => {
  const error = outOfMemory({ ...figures, precision: 'bf16', device: 'cpu' });
  expect(errorText(translate.bind(null, 'en'), error)).toMatch(/^BF16 on the CPU needs 31\.0 GB .* 8\.0 GB are free/);
  expect(errorText(translate.bind(null, 'zh-CN'), error)).toMatch(/^BF16（CPU）需要 31\.0 GB 内存/);
});

test('one from before, of which only some is known, leaves no hole', () => {
  for (const params of [figures, { ...figures, precision: 'bf16' }])
    expect(errorText(translate.bind(null, 'en'), outOfMemory(params))).toMatch(/^This precision needs 31\.0 GB/);
});
