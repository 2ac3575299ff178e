import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { openQwenModel } from './openQwenModel';

const modelFolder = path.resolve(import.meta.dirname, '../../../assets/demo-model');

afterEach(() => {
  vi.restoreAllMocks();
});

test('a precision that the free memory cannot hold is refused with both figures', async () => {
  const preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-prepared-'));
  onTestFinished(() => rm(preparedFolder, { recursive: true }));
  // The demo model has 3,446,592 weights besides its embedding: 13.8 million bytes in float32, 13.1 MB.
  vi.spyOn(process, 'availableMemory').mockReturnValue(10_000_000);
  const options = { modelFolder, preparedFolder, fingerprint: null, device: 'cpu', contextLength: 512 } as const;
  await expect(openQwenModel({ ...options, precision: 'bf16' })).rejects.toMatchObject({
    code: 'session.outOfMemory',
    params: { precision: 'bf16', neededGb: '0.01', freeGb: '0.009' },
  });
  const { model } = await openQwenModel({ ...options, precision: 'int8' });
  await model.close();
});
