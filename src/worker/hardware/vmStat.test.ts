import { expect, test } from 'vitest';
import { parseVmStat } from './vmStat';

// A MacBook of 16 GB.
const recorded = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               17336.
Pages active:                            346112.
Pages inactive:                          342904.
Pages speculative:                         1966.
Pages throttled:                              0.
Pages wired down:                        136022.
Pages purgeable:                           4331.
"Translation faults":                 462153231.
`;

test('free, inactive and speculative pages can be had', () => {
  expect(parseVmStat(recorded)).toBe((17_336 + 342_904 + 1_966) * 16_384);
});

test.each([
  '',
  'vm_stat: command not found',
  recorded.replace('page size', 'size'),
  recorded.replace('inactive', 'idle'),
])('other output is not known', (output) => {
  expect(parseVmStat(output)).toBeNull();
});
