import { expect, test } from 'vitest';
import { transposeInto } from './transpose';

test.each([
  [1, 1],
  [32, 32],
  [33, 70],
  [100, 5],
])('%i rows of %i columns, in two parts, become columns', (rows, columns) => {
  const source = Uint16Array.from({ length: rows * columns }, (_, i) => i);
  const target = new Uint16Array(rows * columns);
  const upper = Math.ceil(rows / 2);
  transposeInto(target, source, { columns, rows: upper, stride: rows, at: 0 });
  const lower = source.subarray(upper * columns);
  transposeInto(target, lower, { columns, rows: rows - upper, stride: rows, at: upper });
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) expect(target[column * rows + row]).toBe(row * columns + column);
});
