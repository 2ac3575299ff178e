import { z } from 'zod';

const bytes = z.int().min(0);

/** What the hub does to an answer. */
export const Fault = z.discriminatedUnion('kind', [
  /** The connection breaks after so many bytes of the body, or before any answer. */
  z.object({ kind: z.literal('drop'), afterBytes: bytes.nullable() }),
  /** Nothing more comes after so many bytes of the body, or no answer at all; the connection stays open. */
  z.object({ kind: z.literal('stall'), afterBytes: bytes.nullable() }),
  /** One byte of the body is another. */
  z.object({ kind: z.literal('corrupt') }),
  /** 200 with the whole file where a range was asked for. */
  z.object({ kind: z.literal('whole') }),
  /** Content-Range speaks of other bytes than were asked for. */
  z.object({ kind: z.literal('wrongRange') }),
  /** Content-Range speaks of a file of another size. */
  z.object({ kind: z.literal('wrongSize') }),
  /** Content-Range leaves open how long the file is. */
  z.object({ kind: z.literal('openSize') }),
  /** Content-Length is larger than the body by so much (smaller: negative), and the connection ends with the body. */
  z.object({ kind: z.literal('wrongLength'), extraBytes: z.int() }),
  /** No Content-Length, and no last chunk that ends the body either: the connection stays open. */
  z.object({ kind: z.literal('unended') }),
  /** Compressed, though nobody asked for that: the stretch, or the whole file in its place. */
  z.object({ kind: z.literal('gzip'), isWhole: z.boolean() }),
  /** Several ranges in one answer. */
  z.object({ kind: z.literal('multipart') }),
  /** The ETag is another, or a weak one. */
  z.object({ kind: z.literal('etag'), etag: z.string() }),
  /** The answer ends in order, but early. */
  z.object({ kind: z.literal('short'), missingBytes: bytes }),
  /** More bytes than were asked for. */
  z.object({ kind: z.literal('long'), extraBytes: bytes }),
  /** A redirect to the same address, for ever. */
  z.object({ kind: z.literal('circle') }),
  /** A redirect to anywhere. */
  z.object({ kind: z.literal('redirect'), to: z.string() }),
  /** A few bytes at a time. */
  z.object({ kind: z.literal('drip'), bytes: z.int().min(1), everyMs: z.int().min(0) }),
  z.object({ kind: z.literal('status'), status: z.int(), retryAfter: z.string().optional() }),
  /** A sign-in page, with status 200. */
  z.object({ kind: z.literal('page') }),
]);
export type Fault = z.infer<typeof Fault>;

/** Which answers it happens to. */
export const FaultRule = z.object({
  /** A published path; `*` for every file, `api` for what is not a file. */
  path: z.string(),
  /** Of a file: where its bytes are, unless the address that sends on to there is meant. */
  at: z.enum(['bytes', 'origin']).default('bytes'),
  fault: Fault,
  /** How often; without it, always. */
  times: z.int().min(1).optional(),
  /** So many answers go well before. */
  skip: z.int().min(0).optional(),
});
export type FaultRule = z.input<typeof FaultRule>;

/** The rules that are left, and what they say about the next answer. */
export class Faults {
  #rules: { rule: FaultRule; skip: number; times: number }[] = [];

  add(...rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, skip: rule.skip ?? 0, times: rule.times ?? Infinity });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The first rule that fits is used once; a rule that still skips lets the answer pass. */
  next(path: string, at: FaultRule['at'] = 'bytes'): Fault | null {
    const found = this.#rules.find(
      ({ rule, times }) =>
        times > 0 && (rule.at ?? 'bytes') === at && (rule.path === path || (rule.path === '*' && path !== 'api')),
    );
    if (found === undefined) return null;
    if (found.skip > 0) {
      found.skip--;
      return null;
    }
    found.times--;
    return found.rule.fault;
  }
}
