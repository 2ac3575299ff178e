import { expect, test } from 'vitest';
import { isOf } from './origin';

test.each([
  ['app://deskmate', 'app://deskmate/index.html'],
  ['app://deskmate', 'app://deskmate/#/settings'],
  ['http://localhost:5173', 'http://localhost:5173/src/main.tsx'],
])('%s is where %s lies', (origin, url) => expect(isOf(origin, url)).toBe(true));

test.each([
  ['app://deskmate', 'app://deskmate.example/index.html'],
  ['app://deskmate', 'app://evil@deskmate/index.html'],
  ['app://deskmate', 'app://deskmate:8080/'],
  ['app://deskmate', 'https://deskmate/index.html'],
  ['app://deskmate', 'file:///app://deskmate/index.html'],
  ['app://deskmate', 'about:blank'],
  ['app://deskmate', ''],
  ['http://localhost:5173', 'http://localhost:51730/'],
  ['http://localhost:5173', 'http://localhost:5173@evil.example/'],
  ['http://localhost:5173', 'http://evil.example/?localhost:5173'],
])('%s is not where %j lies', (origin, url) => expect(isOf(origin, url)).toBe(false));
