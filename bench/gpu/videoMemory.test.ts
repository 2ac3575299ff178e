import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nvidiaName, watchVideoMemory } from './videoMemory';

/** Two GPUs, the first of which takes 900 MiB for a moment, as the driver's own tool prints them. */
const nvidiaSmi = `#!/bin/sh
case "$*" in
  *memory.used*) for used in 100 1000 1000 300; do echo "0, $used"; echo "1, 7"; sleep 0.1; done; sleep 60 ;;
  *) echo 'NVIDIA Example, 580.1' ;;
esac
`;

test('the peak of all GPUs together is kept until it is asked for', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deskmate-smi-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });
  writeFileSync(path.join(folder, 'nvidia-smi'), nvidiaSmi);
  chmodSync(path.join(folder, 'nvidia-smi'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  expect(await nvidiaName()).toEqual({ name: 'NVIDIA Example', driver: '580.1' });
  const memory = (await watchVideoMemory())!;
  const mebibyte = 2 ** 20;
  await vi.waitUntil(() => memory.usedBytes === 307 * mebibyte, 20_000);
  expect(memory.takePeak()).toBe(1007 * mebibyte);
  expect(memory.takePeak()).toBe(307 * mebibyte);
  memory.stop();
});
