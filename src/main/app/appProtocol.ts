import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { isOf } from './origin';

export const appScheme = 'app';
export const appHost = 'deskmate';
export const appUrl = `${appScheme}://${appHost}/index.html`;

/** Nothing from elsewhere, no inline script, no network: the window shows our files and what main tells it. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Serves the renderer's folder, and nothing outside of it, under `app://deskmate/`. */
export async function serveApp(folder: string, request: { url: string; method: string }): Promise<Response> {
  const file = request.method === 'GET' ? fileOf(folder, request.url) : null;
  const bytes = file === null ? null : await readIfThere(file);
  if (file === null || bytes === null) return new Response('Not found', { status: 404, headers });
  const type = contentTypes[extname(file)] ?? 'application/octet-stream';
  return new Response(new Uint8Array(bytes), { headers: { ...headers, 'content-type': type } });
}

const headers = { 'content-security-policy': contentSecurityPolicy, 'x-content-type-options': 'nosniff' };

/** The file a URL names; null where it names none that is ours to serve. */
export function fileOf(folder: string, url: string): string | null {
  if (!isOf(`${appScheme}://${appHost}`, url)) return null;
  const path = decode(new URL(url).pathname);
  // A backslash separates folders on Windows, and a colon names a drive or a stream there.
  if (path === null || /[\\:\0]/.test(path)) return null;
  const root = resolve(folder);
  const file = resolve(root, `.${path}`);
  return file.startsWith(root + sep) ? file : null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null; // malformed on purpose or by accident: there is no such file
  }
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EISDIR', 'ENOTDIR'].includes(String(error.code))) {
      return null;
    }
    throw error;
  }
}
