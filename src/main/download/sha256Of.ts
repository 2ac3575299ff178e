import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** Less than a millisecond's work. */
const sliceBytes = 1 << 20;

/** The SHA-256 of bytes, computed without keeping everything else waiting. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    hash.update(bytes.subarray(start, start + sliceBytes));
    await setImmediate();
  }
  return hash.digest('hex');
}
