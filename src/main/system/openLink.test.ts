import { expect, test, vi } from 'vitest';
import { linkOpener } from './openLink';

function opener(userSays: boolean) {
  const edges = { confirm: vi.fn(() => Promise.resolve(userSays)), openExternal: vi.fn(() => Promise.resolve()) };
  return { ...edges, open: linkOpener(edges) };
}

test.each([
  ['https://example.org/a?b#c', 'example.org', 'https://example.org/a?b#c'],
  ['HTTPS://EXAMPLE.org:8443', 'example.org:8443', 'https://example.org:8443/'],
  // A look-alike: the first letter is Cyrillic. The user sees what it really is.
  ['https://еxample.org', 'xn--xample-2of.org', 'https://xn--xample-2of.org/'],
  ['mailto:a@example.org', 'a@example.org', 'mailto:a@example.org'],
])('%s leads to %s, and is opened when the user agrees', async (link, target, url) => {
  const { open, confirm, openExternal } = opener(true);
  expect(await open(link)).toBe(true);
  expect(confirm).toHaveBeenCalledWith(target);
  expect(openExternal).toHaveBeenCalledWith(url);
});

test('is not opened when the user does not agree', async () => {
  const { open, openExternal } = opener(false);
  expect(await open('https://example.org')).toBe(false);
  expect(openExternal).not.toHaveBeenCalled();
});

test.each([
  'http://example.org',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'ms-msdt:/id',
  'vbscript:x',
  'app://deskmate/index.html',
  '\\\\server\\share',
  '/etc/passwd',
  'example.org',
  'https://bank.example@evil.example',
  'https://user:password@example.org',
  'https://',
  '',
])('%j is refused without asking', async (link) => {
  const { open, confirm, openExternal } = opener(true);
  await expect(open(link)).rejects.toMatchObject({ code: 'link.refused' });
  expect(confirm).not.toHaveBeenCalled();
  expect(openExternal).not.toHaveBeenCalled();
});
