import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Hashing } from './hashing';
import type { HubFile } from './hubListing';
import { sha256, temporaryFolder } from './hub.test-support';

const bytes = randomBytes(3_000_000);
const half = 1_234_567;

/** A hasher for so many bytes: many have a thread of their own. */
function hashingOf(sizeBytes: number): Hashing {
  const hashing = new Hashing(sizeBytes);
  onTestFinished(() => hashing.end());
  return hashing;
}

async function stored() {
  const file = path.join(await temporaryFolder(), 'stored');
  await writeFile(file, Buffer.concat([Buffer.alloc(10), bytes]));
  const published: HubFile = { path: 'model', sizeBytes: bytes.length, sha256: sha256(bytes), gitId: null };
  const chunkOf = (start: number, end: number) => ({
    ...{ path: file, offset: 10 + start, sizeBytes: end - start, sha256: sha256(bytes.subarray(start, end)) },
  });
  return { published, chunkOf };
}

test.each([
  ['here, then in a thread', 1, 1e9],
  ['in a thread, then here', 1e9, 1],
  ['in two threads', 1e9, 1e9],
])('a hash is put aside and taken up again: %s', async (_where, first, second) => {
  const { published: file, chunkOf } = await stored();
  const begun = await hashingOf(first).step({ file, state: null, chunk: chunkOf(0, half) });
  expect(begun).toMatchObject({ sha256: sha256(bytes.subarray(0, half)), isRight: false });
  const ended = await hashingOf(second).step({ file, state: begun!.state, chunk: chunkOf(half, bytes.length) });
  expect(ended).toMatchObject({ sha256: sha256(bytes), isRight: true });
  // A process may have died between the last chunk and what is said of the whole.
  expect(await hashingOf(second).step({ file, state: ended!.state, chunk: null })).toEqual(ended);
});

test('a file that only Git names is held to that name', async () => {
  const { published, chunkOf } = await stored();
  const gitId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const step = (name: string) =>
    hashingOf(1e9).step({
      file: { ...published, sha256: null, gitId: name },
      state: null,
      chunk: chunkOf(0, bytes.length),
    });
  expect(await step(gitId)).toMatchObject({ isRight: true });
  expect(await step('0'.repeat(40))).toMatchObject({ isRight: false });
});

test.each([1, 1e9])(
  'bytes that are others, too few or gone are told, and nothing is hashed (%i bytes)',
  async (size) => {
    const { published: file, chunkOf } = await stored();
    const hashing = hashingOf(size);
    const chunk = chunkOf(0, bytes.length);
    const not = (change: Partial<typeof chunk>) => hashing.step({ file, state: null, chunk: { ...chunk, ...change } });
    expect(await not({ offset: 9 })).toBeNull();
    expect(await not({ sizeBytes: bytes.length + 1 })).toBeNull();
    expect(await not({ path: `${chunk.path}.not` })).toBeNull();
    expect(await not({})).toMatchObject({ isRight: true });
  },
);

test.each([1, 1e9])('what the disk refuses is an error with its code (%i bytes)', async (size) => {
  const { published: file, chunkOf } = await stored();
  const chunk = { ...chunkOf(0, 5), path: await temporaryFolder() };
  await expect(hashingOf(size).step({ file, state: null, chunk })).rejects.toMatchObject({ code: 'EISDIR' });
});
