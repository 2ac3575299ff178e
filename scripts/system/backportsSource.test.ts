import { expect, test } from 'vitest';
import { backportsSource } from './backportsSource';

const deb822 = `Types: deb deb-src
# a remark of the one who made this image
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

test('a deb822 entry is copied with its mirror and keys, the suite changed', () => {
  const source = backportsSource([{ path: '/etc/apt/sources.list.d/debian.sources', text: deb822 }], 'bookworm');
  expect(source).toEqual({
    path: '/etc/apt/sources.list.d/deskmate-backports.sources',
    text: `Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
  });
});

test('a one-line entry is copied with its options, the suite changed', () => {
  const text = `# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/k.gpg arch=amd64] http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian-security bookworm-security main
`;
  const source = backportsSource([{ path: '/etc/apt/sources.list', text }], 'bookworm');
  expect(source).toEqual({
    path: '/etc/apt/sources.list.d/deskmate-backports.list',
    text: 'deb [signed-by=/usr/share/keyrings/k.gpg arch=amd64] http://mirror.example/debian bookworm-backports main contrib\n',
  });
});

test('a key inside the entry survives', () => {
  const text = deb822.replace(/Signed-By: .*/, 'Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINB');
  const source = backportsSource([{ path: 'debian.sources', text }], 'bookworm');
  expect(source?.text).toContain('Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINB\n');
});

test('a machine that has backports keeps its own', () => {
  const files = [
    { path: 'debian.sources', text: deb822 },
    { path: 'mine.list', text: 'deb http://other.example/debian bookworm-backports main\n' },
  ];
  expect(backportsSource(files, 'bookworm')).toBeUndefined();
});

test('a switched-off entry is not copied, and without an entry there is nothing to copy', () => {
  expect(backportsSource([{ path: 'a.sources', text: `Enabled: no\n${deb822.split('\n\n')[0]!}` }], 'bookworm')).toBe(
    undefined,
  );
  expect(backportsSource([], 'bookworm')).toBeUndefined();
});
