import os from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { lowerPriority } from './lowerPriority';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Node's SystemError: the code is in `info`. */
const refusal = (code: string) => Object.assign(new Error(code), { code: 'ERR_SYSTEM_ERROR', info: { code } });

test('asks for the lowest priority', () => {
  const setPriority = vi.spyOn(os, 'setPriority').mockReturnValue();
  lowerPriority();
  expect(setPriority).toHaveBeenCalledWith(os.constants.priority.PRIORITY_LOW);
});

test('a system that does not allow it may, and nothing else', () => {
  const setPriority = vi.spyOn(os, 'setPriority');
  const fail = (code: string) =>
    setPriority.mockImplementationOnce(() => {
      throw refusal(code);
    });
  for (const code of ['EACCES', 'EPERM']) {
    fail(code);
    lowerPriority();
  }
  fail('ESRCH');
  expect(lowerPriority).toThrow('ESRCH');
});
