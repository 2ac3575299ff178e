import { Readable } from 'node:stream';
import { net, type IncomingMessage, type Session } from 'electron';

/** Answers that have no body, and must be given none. */
const bodiless: readonly number[] = [204, 205, 304];

/**
 * A fetch for downloads, through the system's proxy, that tells a source nothing of whoever asks but the program: no system, no
 * language, and no cookie that it gave before. A redirect is an answer like any other, as Node's fetch gives it when it is told
 * to follow none; Electron's own can only follow all of them unseen, or fail.
 */
export function downloadFetch(session: Session, appVersion: string): typeof fetch {
  session.setUserAgent(`Deskmate/${appVersion}`, ''); // without a language the header is not sent
  return (input, init) => ask(session, new Request(input, init));
}

function ask(session: Session, { url, headers, cache, signal }: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = net.request({ session, url, cache, redirect: 'manual', credentials: 'omit' });
    headers.forEach((value, name) => request.setHeader(name, value));
    request.on('redirect', (status, _method, location) =>
      resolve(new Response(null, { status, headers: { location } })),
    );
    request.on('response', (answer) => {
      // Electron's message is a Readable, and its declaration does not say so.
      const body = answer as unknown as Readable;
      body.once('close', () => request.abort()); // whoever wants no more of it would else keep one of a few connections
      resolve(responseOf(answer, body));
    });
    request.on('error', reject); // also when nobody follows a redirect, which is an answer by then
    const abort = (): void => {
      reject(signal.reason as Error);
      request.abort();
    };
    signal.addEventListener('abort', abort, { once: true });
    request.end();
  });
}

function responseOf(answer: IncomingMessage, bytes: Readable): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const { statusCode: status, statusMessage: statusText } = answer;
  // The standard's stream, which is declared twice.
  const body = bodiless.includes(status) ? null : (Readable.toWeb(bytes) as ReadableStream);
  return new Response(body, { status, statusText, headers });
}
