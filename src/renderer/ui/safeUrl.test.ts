import { expect, test } from 'vitest';
import { safeUrl } from './safeUrl';

test.each(['https://example.com/a?b=c', 'mailto:lin@example.com'])('%s may be a link', (address) => {
  expect(safeUrl(address)).toBe(address);
});

test.each([
  'http://example.com',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>1</script>',
  'file:///etc/passwd',
  'vbscript:x',
  'app://index.html',
  'https://google.com@evil.example/',
  '//example.com',
  '/relative',
  '#anchor',
  '',
])('%j may not', (address) => expect(safeUrl(address)).toBeNull());
