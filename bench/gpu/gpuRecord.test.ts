import { expect, test } from 'vitest';
import { gpuMarkdown, type GpuRecord } from './gpuRecord';

/** 4 GB read for a token in 2 ms: 2,000 GB/s, half of the copied bandwidth and 40 % of the given one. */
const record: GpuRecord = {
  gpu: { name: 'Example 1', driver: '1.2', isSoftware: false },
  node: '20.20.2',
  onnxRuntime: '1.30.0',
  setup: { layers: 32, prefills: [64, 512], decode: 64, rounds: 3, contextLength: 2048, chunkLength: null },
  bandwidth: { copied: 4e12, given: 5e12 },
  videoMemorySource: 'nvidia-smi',
  precisions: {
    int8: {
      weightsBytes: 4e9,
      chunkLength: 256,
      chunkCheckMs: 300,
      loadMs: 4000,
      loadToFirstTokenMs: 5000,
      answers: [
        { prefill: 64, prefillTokensPerSecond: 1000, decodeMsPerToken: 2, decodeReadBytes: 4e9 },
        { prefill: 512, prefillTokensPerSecond: 2000, decodeMsPerToken: 4, decodeReadBytes: 4.2e9 },
      ],
      peakRssBytes: 1e9,
      videoMemory: { beforeBytes: 1e9, peakBytes: 9.5e9, afterBytes: 1.1e9 },
    },
  },
  failures: { nf4: 'session.failed' },
  products: { nf4: { msPerLayer: 0.05, readBytesPerLayer: 50e6 }, int4: { msPerLayer: 0.02, readBytesPerLayer: 50e6 } },
};

const rowsOf = (markdown: string) =>
  new Map(
    markdown
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, name, ...cells]) => [name, cells.slice(0, -1)]),
  );

test('the page tells speed, shares of the bandwidth and memory in their units', () => {
  const rows = rowsOf(gpuMarkdown(record));
  expect(rows.get('prefill of 512, tokens/s')).toEqual(['2000']);
  expect(rows.get('decode after 64, tokens/s')).toEqual(['500']);
  expect(rows.get('decode after 512, tokens/s')).toEqual(['250']);
  expect(rows.get('read in decode, GB/s')).toEqual(['2000']);
  expect(rows.get('share of the copied bandwidth')).toEqual(['50.0 %']);
  expect(rows.get('share of the given bandwidth')).toEqual(['40.0 %']);
  expect(rows.get('VRAM, peak beyond that, GB')).toEqual(['8.50']);
  // 50 MB in 0.05 ms are 1,000 GB/s, in 0.02 ms 2,500.
  expect(rows.get('MatMulBnb4')).toEqual(['0.0500', '1000', '25.0 %']);
  expect(rows.get('MatMulNBits, 4 bits')).toEqual(['0.0200', '2500', '62.5 %']);
});

test('what makes the figures mean less is said: a failure, a given chunk, a software driver', () => {
  const plain = gpuMarkdown(record);
  expect(plain).toContain('**nf4 failed:** session.failed');
  expect(plain).not.toContain('--chunk');
  expect(plain).not.toContain('software');
  const { gpu, setup } = record;
  const tried = gpuMarkdown({ ...record, gpu: { ...gpu, isSoftware: true }, setup: { ...setup, chunkLength: 31 } });
  expect(tried).toContain('`--chunk 31`');
  expect(tried).toContain('says nothing about a GPU');
});
