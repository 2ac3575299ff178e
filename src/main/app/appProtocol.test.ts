import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileOf, serveApp } from './appProtocol';

let root: string;
let folder: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'deskmate-app-'));
  folder = join(root, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(root, 'renderer-secret'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'x');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'renderer-secret', 'file.txt'), 'secret');
});
afterAll(() => rm(root, { recursive: true }));

const get = (url: string, method = 'GET') => serveApp(folder, { url, method });

test('serves the renderer with its type and a strict policy', async () => {
  const response = await get('app://deskmate/index.html');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<!doctype html>');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|http/);
  expect((await get('app://deskmate/assets/app-1.js?v=2#x')).headers.get('content-type')).toContain('javascript');
});

test.each([
  'app://deskmate/../secret.txt',
  'app://deskmate/%2e%2e/secret.txt',
  'app://deskmate/%2e%2e%2fsecret.txt',
  'app://deskmate/assets/..%2f..%2fsecret.txt',
  'app://deskmate/..%5csecret.txt',
  'app://deskmate/%2e%2e%2frenderer-secret/file.txt',
  'app://deskmate//etc/passwd',
  'app://deskmate/%2fetc%2fpasswd',
  'app://deskmate/C:%5cWindows%5cwin.ini',
  'app://deskmate/index.html::$DATA',
  'app://deskmate/index.html%00.js',
  'app://deskmate/%E0%A4%A',
  'app://deskmate/',
  'app://deskmate/assets',
  'app://deskmate/missing.js',
  'app://elsewhere/index.html',
  'file:///etc/passwd',
  'not a url',
])('%s is not found', async (url) => {
  const response = await get(url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('Not found');
});

test('nothing outside the folder is named, however it is spelled', () => {
  for (const path of ['../x', '..%2fx', '%2e%2e/x', '....//x', '..;/x', './../x', 'a/../../x', '%252e%252e%252fx']) {
    const file = fileOf(folder, `app://deskmate/${path}`);
    if (file !== null) expect(file.startsWith(folder + '/')).toBe(true);
  }
});

test('only GET is answered', async () => {
  expect((await get('app://deskmate/index.html', 'POST')).status).toBe(404);
});
