import { AppError } from '../../shared/appError';
import type { Way } from './configuredModel';

const steppable: readonly string[] = [
  'session.outOfMemory',
  'session.failed',
  'device.gpuUnavailable',
  'checkpoint.float16Overflow',
  'generation.notFinite',
  'worker.crashed',
];

/** Whether another way of running the same model may do better. */
export const mayStepDown = (error: unknown): error is AppError =>
  error instanceof AppError && steppable.includes(error.code);

/** Whether the model itself cannot be used: what it needs is missing, or is not what it should be. */
export const isModelBroken = (error: unknown): error is AppError =>
  error instanceof AppError && /^(checkpoint\.|tokenizer\.|model\.)/.test(error.code);

const onGpu: readonly Way[] = [
  { precision: 'bf16', device: 'gpu' },
  { precision: 'int8', device: 'gpu' },
  { precision: 'nf4', device: 'gpu' },
];
const onCpu: readonly Way[] = [
  { precision: 'bf16', device: 'cpu' },
  { precision: 'int8', device: 'cpu' },
  { precision: 'int4', device: 'cpu' },
];

/**
 * What asks less of the computer than a way that failed: BF16 → Int8 → NF4 → INT4 on the CPU. Int8 on the CPU is among them
 * where a GPU failed, for models of which no INT4 is there.
 */
export function lowerWays({ precision, device }: Way, { code }: AppError): readonly Way[] {
  const below = (ways: readonly Way[]): readonly Way[] => {
    const at = ways.findIndex((way) => way.precision === precision);
    return at === -1 ? [] : ways.slice(at + 1);
  };
  if (device === 'gpu') return [...(code === 'device.gpuUnavailable' ? [] : below(onGpu)), ...onCpu.slice(1)];
  return precision === 'nf4' ? onCpu.slice(2) : below(onCpu);
}

export const isSameWay = (one: Way, other: Way): boolean =>
  one.precision === other.precision && one.device === other.device;
