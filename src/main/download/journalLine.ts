import { z } from 'zod';
import { HubFile } from './hubListing';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.string();
const byte = z.int().min(0);

/** What a download writes down, a line each. `file` is the published path; later lines overrule earlier ones. */
export const JournalLine = z.discriminatedUnion('is', [
  /** What is fetched under this path. Any other identity makes all that was known of it void. */
  z.object({ is: z.literal('file'), identity: HubFile }),
  /** These bytes are on the disk, in the file `place` (from the journal's folder) from `offset` on, and have this hash. */
  z.object({
    is: z.literal('chunk'),
    file,
    start: byte,
    sizeBytes: z.int().min(1),
    sha256: Sha256,
    place: z.string(),
    offset: byte,
  }),
  /** The chunk that begins there is not on the disk any more. */
  z.object({ is: z.literal('lost'), file, start: byte }),
  /** The hash of the file from its beginning has come so far; `state` goes on from there. */
  z.object({ is: z.literal('hashed'), file, bytes: byte, state: z.string() }),
  /** This stretch was used up, and its part is deleted or about to be. */
  z.object({ is: z.literal('released'), file, start: byte, sizeBytes: byte }),
  /** The whole file has this hash, which is right. */
  z.object({ is: z.literal('whole'), file, sha256: Sha256 }),
  /** The whole file had a wrong hash: nothing of it counts. */
  z.object({ is: z.literal('rejected'), file }),
  /** What a source called the file when its bytes came. */
  z.object({ is: z.literal('etag'), file, source: z.string(), etag: z.string().nullable() }),
]);
export type JournalLine = z.infer<typeof JournalLine>;

/** The lines of a journal in order. One that a kill cut short says nothing, whatever follows it. */
export const parseLines = (text: string): JournalLine[] =>
  text.split('\n').flatMap((line) => JournalLine.safeParse(parseJson(line)).data ?? []);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // torn
  }
}
