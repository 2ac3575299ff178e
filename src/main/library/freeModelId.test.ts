import { expect, test } from 'vitest';
import { freeModelId } from './freeModelId';

test.each([
  ['Qwen-1_8B-Chat', 'qwen-1-8b-chat'],
  ['.hidden', 'hidden'],
  ['我的模型', 'model'],
  ['my model (2)', 'my-model-2'],
  ['x'.repeat(200), 'x'.repeat(50)],
  ['v1.', 'v1'],
])('%j is called %j', (name, id) => {
  expect(freeModelId(name, () => false)).toBe(id);
});

test('a name that is taken gets a number', () => {
  const taken = ['qwen', 'qwen-2'];
  expect(freeModelId('Qwen', (id) => taken.includes(id))).toBe('qwen-3');
});
