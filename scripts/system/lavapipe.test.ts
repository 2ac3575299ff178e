import { expect, test } from 'vitest';
import { planLavapipe } from './lavapipe';

const sources = [{ path: 'debian.list', text: 'deb http://mirror.example/debian bookworm main\n' }];
const withMesa = (version: string): Map<string, string> => new Map([['mesa-vulkan-drivers', version]]);

test('the version of Debian 12 backports is good as it is', () => {
  expect(planLavapipe(withMesa('25.0.7-2~bpo12+1'), 'bookworm', sources)).toBeUndefined();
});

test("Debian 12's own version is replaced from backports", () => {
  for (const installed of [withMesa('22.3.6-1+deb12u1'), new Map<string, string>()]) {
    const plan = planLavapipe(installed, 'bookworm', sources);
    expect(plan?.release).toBe('bookworm-backports');
    expect(plan?.source?.text).toBe('deb http://mirror.example/debian bookworm-backports main\n');
  }
});

test('elsewhere the distribution has a new one itself', () => {
  expect(planLavapipe(new Map(), 'trixie', sources)).toEqual({ release: undefined, source: undefined });
});
