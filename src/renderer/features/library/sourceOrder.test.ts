import { expect, test } from 'vitest';
import { completeOrder, movedSource } from './sourceOrder';

test('a source moves by one place and stops at the ends', () => {
  const order = ['modelscope', 'huggingFace', 'hfMirror'] as const;
  expect(movedSource(order, 'hfMirror', -1)).toEqual(['modelscope', 'hfMirror', 'huggingFace']);
  expect(movedSource(order, 'modelscope', 1)).toEqual(['huggingFace', 'modelscope', 'hfMirror']);
  expect(movedSource(order, 'modelscope', -1)).toEqual(order);
  expect(movedSource(order, 'hfMirror', 1)).toEqual(order);
});

test('sources that older settings do not know come last', () => {
  expect(completeOrder(['hfMirror'])).toEqual(['hfMirror', 'modelscope', 'huggingFace', 'custom']);
});
