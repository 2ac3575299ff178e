import { expect, test } from 'vitest';
import { killLoop } from './killLoop.test-support';

test.each(['keep', 'release'] as const)(
  'killed at any moment, a download (%s) ends with the right bytes and asks for none twice',
  async (mode) => {
    const found = await killLoop(mode, 5);
    expect(found.kills).toBe(5);
    expect(found.finished).toBeGreaterThan(0);
    expect(found).toMatchObject({ wrong: 0, fetchedTwice: 0, leftParts: 0 });
  },
);
