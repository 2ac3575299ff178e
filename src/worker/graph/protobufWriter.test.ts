import { expect, test } from 'vitest';
import { ProtobufWriter } from './protobufWriter';

const hex = (write: (writer: ProtobufWriter) => ProtobufWriter) =>
  Buffer.from(write(new ProtobufWriter()).finish()).toString('hex');

test('the examples of the protobuf encoding guide', () => {
  expect(hex((w) => w.integer(1, 150))).toBe('089601');
  expect(hex((w) => w.string(2, 'testing'))).toBe('120774657374696e67');
  expect(hex((w) => w.message(3, (m) => m.integer(1, 150)))).toBe('1a03089601');
  expect(hex((w) => w.integer(1, -2))).toBe('08feffffffffffffffff01');
});

test('float32 fields and fields above 15', () => {
  expect(hex((w) => w.float(2, 1))).toBe('150000803f');
  expect(hex((w) => w.integer(20, 7))).toBe('a00107');
});
