import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../shared/appError';
import { parseInput } from './input';

const conversation = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });
const parse = (input: string | Uint8Array) => parseInput(Buffer.from(input), conversation);

test('JSON of the right shape is taken, with or without a byte order mark', () => {
  const input = '{"messages":[{"role":"user","content":"你好"}]}\r\n';
  const value = { messages: [{ role: 'user', content: '你好' }] };
  expect(parse(input)).toEqual(value);
  expect(parse(`\ufeff${input}`)).toEqual(value);
});

test.each([
  ['nothing', '', 'stdin is empty, JSON is expected there'],
  ['blanks', ' \n', 'stdin is empty, JSON is expected there'],
  ['half of it', '{"messages":', 'it is not JSON'],
  ['two values', '{} {}', 'it is not JSON'],
  ['other bytes than UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'it is not UTF-8'],
  ['another shape', '["a"]', 'expected object, received array'],
  [
    'another shape inside',
    '{"messages":[{"role":"user"}]}',
    'messages[0].content: expected string, received undefined',
  ],
])('%s is refused with the place', (_, input, problem) => {
  expect(() => parse(input)).toThrow(new AppError('cli.invalidInput', { problem }));
});
