import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Fault } from './fault';
import type { PublishedFile } from './publishedRepository';

/** What was asked for and sent of a file. */
export type ServedRange = {
  readonly path: string;
  readonly start: number;
  /** Exclusive: of what was asked for. */
  readonly end: number;
  readonly status: number;
  /** Bytes of the body that were handed to the connection. */
  sentBytes: number;
};

type Answer = {
  readonly path: string;
  readonly file: PublishedFile;
  readonly fault: Fault | null;
  readonly record: (served: ServedRange) => void;
};

const pieceBytes = 16 << 10;

/** Answers a GET of a file: ranges, If-Range and ETag as RFC 9110 has them, but for the fault. */
export async function serveFile(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { path, file, fault } = answer;
  const { bytes } = file;
  const range = fault?.kind === 'whole' ? null : rangeOf(request, file);
  const [start, end] = range ?? [0, bytes.length];
  if (start >= end && bytes.length > 0) return void response.writeHead(416).end();
  const status = range === null ? 200 : 206;
  const served: ServedRange = { path, start, end, status, sentBytes: 0 };
  answer.record(served);
  const length = fault?.kind === 'long' ? end - start + fault.extraBytes : end - start;
  response.writeHead(status, {
    etag: `"${file.sha256}"`,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    ...(fault?.kind !== 'short' && { 'content-length': length }),
    ...(range !== null && { 'content-range': contentRange(start, end, { size: bytes.length, fault }) }),
  });
  await sendBody(response, bodyOf(bytes.subarray(start, end), fault), { fault, served });
}

function rangeOf({ headers }: IncomingMessage, { bytes, sha256 }: PublishedFile): [number, number] | null {
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== `"${sha256}"`) return null;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (from === undefined) return null;
  return [Number(from), to ? Math.min(Number(to) + 1, bytes.length) : bytes.length];
}

function contentRange(start: number, end: number, { size, fault }: { size: number; fault: Fault | null }): string {
  const shift = fault?.kind === 'wrongRange' ? 1 : 0;
  return `bytes ${start + shift}-${end - 1 + shift}/${fault?.kind === 'wrongSize' ? size + 1 : size}`;
}

function bodyOf(bytes: Buffer, fault: Fault | null): Buffer {
  if (fault?.kind === 'short') return bytes.subarray(0, Math.max(0, bytes.length - fault.missingBytes));
  if (fault?.kind === 'long') return Buffer.concat([bytes, Buffer.alloc(fault.extraBytes, 7)]);
  if (fault?.kind !== 'corrupt') return bytes;
  const corrupt = Buffer.from(bytes);
  const at = Math.floor(corrupt.length / 2);
  corrupt[at] = corrupt[at]! ^ 0x10;
  return corrupt;
}

async function sendBody(
  response: ServerResponse,
  body: Buffer,
  { fault, served }: { fault: Fault | null; served: ServedRange },
): Promise<void> {
  const breaks = fault?.kind === 'drop' || fault?.kind === 'stall' ? fault : null;
  const stopAt = Math.min(body.length, breaks?.afterBytes ?? body.length);
  const closed = once(response, 'close');
  const step = fault?.kind === 'drip' ? fault.bytes : pieceBytes;
  while (served.sentBytes < stopAt && !response.destroyed) {
    const piece = body.subarray(served.sentBytes, Math.min(stopAt, served.sentBytes + step));
    served.sentBytes += piece.length;
    await Promise.race([new Promise<void>((sent) => response.write(piece, () => sent())), closed]);
    if (fault?.kind === 'drip') await setTimeout(fault.everyMs);
  }
  if (breaks === null) response.end();
  else if (breaks.kind === 'drop') response.destroy();
}
