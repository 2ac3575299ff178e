import type { ProbeRecord } from '../../shared/hardware';
import type { Machine } from './machine';

const gibibyte = 2 ** 30;

/** Tools that answer so, by the name of the command and what its arguments contain; all others are missing. */
export const answering =
  (
    answers: readonly { command: string; with?: string; output: string; outcome?: ProbeRecord['outcome'] }[],
  ): Machine['run'] =>
  (command, args) => {
    const probe = [command, ...args].join(' ');
    const answer = answers.find((known) => known.command === command && probe.includes(known.with ?? ''));
    const { output, outcome } = answer ?? { output: '', outcome: 'missing' as const };
    return Promise.resolve({ probe, outcome: outcome ?? 'answered', output, milliseconds: 1 });
  };

/** A computer without a GPU. */
export const machine = (facts: Partial<Machine>): Machine => ({
  platform: 'linux',
  arch: 'x64',
  release: '6.8.0-45-generic',
  cpu: { name: 'AMD Ryzen 9 7950X', cores: 32 },
  ram: () => ({ total: 64 * gibibyte, free: 40 * gibibyte }),
  disk: () => Promise.resolve({ folder: '/home/a', total: 500e9, free: 120e9 }),
  run: answering([]),
  drmFolder: '/no/such/folder',
  ...facts,
});
