import { expect, test } from 'vitest';
import { installCommand, parseMissing } from './sharedLibraries';

const ldd = `\tlinux-vdso.so.1 (0x00007ffd0b1f2000)
\tlibnss3.so => not found
\tlibgtk-3.so.0 => not found
\tlibc.so.6 => /lib64/libc.so.6 (0x00007f9a66a1e000)
`;

test('libraries that the loader cannot find are named', () => {
  expect(parseMissing(ldd)).toEqual(['libnss3.so', 'libgtk-3.so.0']);
});

test('on Fedora the command asks for them by what they are', () => {
  const command = installCommand(['libnss3.so'], (program) => program === '/usr/bin/dnf');
  expect(command).toBe("sudo dnf install 'libnss3.so()(64bit)'");
});
