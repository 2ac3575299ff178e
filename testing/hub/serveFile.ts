import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
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
  const isWhole = fault?.kind === 'whole' || (fault?.kind === 'gzip' && fault.isWhole);
  const range = isWhole ? null : rangeOf(request, file);
  const [start, end] = range ?? [0, bytes.length];
  if (start >= end && bytes.length > 0) return void response.writeHead(416).end();
  const status = range === null ? 200 : 206;
  const served: ServedRange = { path, start, end, status, sentBytes: 0 };
  answer.record(served);
  const body = bodyOf(bytes.subarray(start, end), fault);
  response.writeHead(status, {
    etag: fault?.kind === 'etag' ? fault.etag : `"${file.sha256}"`,
    'accept-ranges': 'bytes',
    ...typeOf(fault),
    ...lengthOf(body, fault),
    ...(range !== null &&
      fault?.kind !== 'multipart' && { 'content-range': contentRange(start, end, { size: bytes.length, fault }) }),
  });
  await sendBody(response, body, { fault, served });
}

function typeOf(fault: Fault | null): Record<string, string> {
  if (fault?.kind === 'multipart') return { 'content-type': `multipart/byteranges; boundary=${boundary}` };
  return { 'content-type': 'application/octet-stream', ...(fault?.kind === 'gzip' && { 'content-encoding': 'gzip' }) };
}

/** Without it the body comes in chunks. */
function lengthOf({ length }: Buffer, fault: Fault | null): Record<string, number> {
  if (fault?.kind === 'short' || fault?.kind === 'unended') return {};
  return { 'content-length': fault?.kind === 'wrongLength' ? length + fault.extraBytes : length };
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
  const whole = fault?.kind === 'openSize' ? '*' : size + Number(fault?.kind === 'wrongSize');
  return `bytes ${start + shift}-${end - 1 + shift}/${whole}`;
}

function bodyOf(bytes: Buffer, fault: Fault | null): Buffer {
  if (fault?.kind === 'short') return bytes.subarray(0, Math.max(0, bytes.length - fault.missingBytes));
  if (fault?.kind === 'long') return Buffer.concat([bytes, Buffer.alloc(fault.extraBytes, 7)]);
  if (fault?.kind === 'gzip') return gzipSync(bytes);
  if (fault?.kind === 'multipart') return inOnePart(bytes);
  return fault?.kind === 'corrupt' ? withOneOther(bytes) : bytes;
}

const inOnePart = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`--${boundary}\r\n\r\n`), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);

const boundary = 'hub';

function withOneOther(bytes: Buffer): Buffer {
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
  if (breaks?.kind === 'drop' || fault?.kind === 'wrongLength') response.destroy();
  else if (breaks === null && fault?.kind !== 'unended') response.end();
}
