import { expect, test } from 'vitest';
import { workerEnvironment } from './workerEnvironment';

test('the worker gets what drivers and the system need, in whatever case Windows spells it', () => {
  expect(workerEnvironment({ PATH: '/bin', Path: 'C:\\', VK_DRIVER_FILES: '/icd.json', SYSTEMROOT: 'C:\\W' })).toEqual({
    PATH: '/bin',
    Path: 'C:\\',
    VK_DRIVER_FILES: '/icd.json',
    SYSTEMROOT: 'C:\\W',
    ORT_DISABLE_TELEMETRY: '1',
  });
});

test('proxies, tokens, injected code and what is not set stay here', () => {
  expect(
    workerEnvironment({
      HTTPS_PROXY: 'http://me:secret@proxy',
      HF_TOKEN: 'secret',
      NODE_OPTIONS: '--require ./evil.cjs',
      LD_PRELOAD: './evil.so',
      ELECTRON_RUN_AS_NODE: '1',
      HOME: undefined,
      ORT_DISABLE_TELEMETRY: '0',
    }),
  ).toEqual({ ORT_DISABLE_TELEMETRY: '1' });
});
