import { expect, test } from 'vitest';
import { benchConfig } from '../bench/benchShape';
import { CpuCache } from './cpuCache';

const config = { ...benchConfig('qwen-7b', 2), heads: 3, headSize: 4 };

/** What the cache is to hold for a position, in each head and for keys and values of both layers. */
const numbersOf = (position: number, tensor: number, head: number) =>
  Array.from({ length: config.headSize }, (_, i) => (position + 1000 * (i + 10 * (head + 10 * tensor))) % 65_536);

const tensorsOf = (cache: CpuCache) => [cache.keys(0), cache.values(0), cache.keys(1), cache.values(1)];

function write(cache: CpuCache, start: number, count: number): void {
  const positions = Array.from({ length: count }, (_, i) => start + i);
  for (const [tensor, target] of tensorsOf(cache).entries()) {
    const fresh = [0, 1, 2].flatMap((head) => positions.flatMap((position) => numbersOf(position, tensor, head)));
    cache.write(target, target instanceof Float32Array ? Float32Array.from(fresh) : Uint16Array.from(fresh), {
      start,
      count,
    });
  }
}

function expectRows(cache: CpuCache, count: number): void {
  for (const [tensor, numbers] of tensorsOf(cache).entries()) {
    expect(numbers).toHaveLength(3 * cache.rows * 4);
    for (let head = 0; head < 3; head++)
      for (let position = 0; position < count; position++) {
        const at = (head * cache.rows + position) * 4;
        expect([...numbers.subarray(at, at + 4)]).toEqual(numbersOf(position, tensor, head));
      }
  }
}

test.each([
  ['float32', 4],
  ['float16', 2],
] as const)('rows of %s stay where they belong while the cache grows and shrinks', (type, bytes) => {
  const cache = new CpuCache(config, { type, contextLength: 1000 });
  cache.resize(200, 0);
  write(cache, 0, 200);
  expectRows(cache, 200);
  expect(cache.rows).toBe(256);
  cache.resize(900, 200);
  expectRows(cache, 200);
  write(cache, 200, 700);
  expectRows(cache, 900);
  expect(cache.rows).toBe(960);
  cache.resize(301, 300);
  expectRows(cache, 300);
  write(cache, 300, 1);
  expectRows(cache, 301);
  expect(cache.bytes).toBe(2 * 2 * 320 * 3 * 4 * bytes);
  cache.resize(600, 301);
  expectRows(cache, 301);
  expect(cache.rows).toBe(640);
});

test.each([
  [1, 64],
  [64, 64],
  [65, 128],
  [512, 512],
  [513, 576],
  [960, 960],
  [1024, 1024],
  [1025, 1152],
  [2049, 2304],
])('%d rows take the room of %d', (rows, room) => {
  const cache = new CpuCache(config, { type: 'float32', contextLength: 4096 });
  cache.resize(rows, 0);
  expect(cache.rows).toBe(room);
});

test('a cache has room for the whole context', () => {
  const cache = new CpuCache(config, { type: 'float32', contextLength: 1025 });
  cache.resize(1025, 0);
  expect(cache.rows).toBe(1152);
});
