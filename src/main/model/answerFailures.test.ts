import { expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { ModelId } from '../../shared/library';
import { type Crash, isGivenUp, recentCrashes } from './answerFailures';

const nf4: Crash = { modelId: ModelId.parse('one'), precision: 'nf4', device: 'gpu', atMs: 1_000 };
const crashed = new AppError('worker.crashed', { exitCode: 137 });

test('one crash may be chance; a second one in the same way is none', () => {
  expect(isGivenUp(crashed, nf4, [])).toBe(false);
  expect(isGivenUp(crashed, { ...nf4, atMs: 9_000_000 }, [nf4])).toBe(true);
});

test.each([{ precision: 'int8' }, { device: 'cpu' }, { modelId: ModelId.parse('other') }] as const)(
  'a crash of another way or model is not held against it: %j',
  (other) => {
    expect(isGivenUp(crashed, nf4, [{ ...nf4, ...other }])).toBe(false);
  },
);

test.each(['session.outOfMemory', 'session.failed', 'generation.notFinite', 'device.gpuUnavailable'] as const)(
  '%s is given up at once',
  (code) => expect(isGivenUp(new AppError(code), nf4, [])).toBe(true),
);

test.each([new AppError('model.notLoaded'), new AppError('worker.ended'), new Error('a bug')])(
  'what is not the way’s fault is not held against it: %s',
  (error) => expect(isGivenUp(error, nf4, [nf4])).toBe(false),
);

test('a load of the user’s forgets crashes, but those of the last minutes', () => {
  const fiveMinutes = 300_000;
  expect(recentCrashes([nf4], nf4.atMs + fiveMinutes)).toEqual([nf4]);
  expect(recentCrashes([nf4], nf4.atMs + 3 * fiveMinutes)).toEqual([]);
});
