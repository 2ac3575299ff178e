import { expect, test } from 'vitest';
import { demoModelId } from '../../shared/library';
import { catalog, publishedBytes } from './catalog';

test('sizes are those that the published indexes name', () => {
  // metadata.total_size in model.safetensors.index.json of each repository
  expect(catalog.map(({ name, shape }) => [name, publishedBytes(shape)])).toEqual([
    ['Qwen-7B-Chat', 15_442_649_088],
    ['Qwen-1.8B-Chat', 3_673_657_344],
    ['Qwen-14B-Chat', 28_334_581_760],
  ]);
});

test('no two models share a folder, with the demo or with each other', () => {
  const ids = [demoModelId, ...catalog.map(({ id }) => id)];
  expect(new Set(ids).size).toBe(ids.length);
});
