import { expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { GpuProof } from '../../shared/hardware';
import { computeOnCpu, proveGpu } from './proveGpu';

test('a GPU that computes rightly is usable, and one on the CPU is called so', async () => {
  const proof = GpuProof.strict().parse(await proveGpu());
  expect(proof).toMatchObject({ isUsable: true, error: null });
  expect(proof.largestError).toBeGreaterThan(0); // float16 rounds
  expect(proof.largestError).toBeLessThan(0.01);
  expect(proof.milliseconds).toBeGreaterThan(0);
  expect(proof.isSoftware).toBe(process.env['VK_DRIVER_FILES']?.includes('lvp') === true);
});

const wrong = (change: (values: Float32Array) => void) => async () => {
  const outputs = await computeOnCpu();
  change(outputs['nf4']!);
  return { outputs, isSoftware: false };
};

test('one number that is wrong is enough, and the operator is named', async () => {
  const proof = await proveGpu(wrong((values) => (values[1000]! += 1)));
  expect(proof).toMatchObject({ isUsable: false, error: { code: 'device.gpuWrong', params: { operator: 'nf4' } } });
  expect(proof.largestError).toBeGreaterThan(0.02);
});

test('a number that is none is wrong', async () => {
  const proof = await proveGpu(wrong((values) => (values[7] = Number.NaN)));
  expect(proof).toMatchObject({ isUsable: false, largestError: null, error: { code: 'device.gpuWrong' } });
});

test('rounding is not wrong', async () => {
  const proof = await proveGpu(wrong((values) => values.forEach((value, i) => (values[i] = value * 1.001))));
  expect(proof).toMatchObject({ isUsable: true, error: null });
});

test('a GPU that cannot be opened is not usable, for the reason it gives', async () => {
  const proof = await proveGpu(() => Promise.reject(new AppError('device.gpuUnavailable', { details: 'no adapter' })));
  expect(proof).toMatchObject({
    isUsable: false,
    isSoftware: false,
    largestError: null,
    error: { code: 'device.gpuUnavailable', params: { details: 'no adapter' } },
  });
});

test('a bug is no verdict on the GPU', async () => {
  await expect(proveGpu(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
});
