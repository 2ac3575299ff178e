import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { Arrivals } from './arrivals';
import { shardParts } from './shardParts';

const shard = 'model-00001-of-00001.safetensors';
/** As in Qwen-7B-Chat's shards: a bias alone between two matrices. */
const tensors = [
  { name: 'transformer.h.0.mlp.w2.weight', shard, offset: 100, byteLength: 4_000_000, isNeeded: true },
  { name: 'transformer.h.1.attn.c_attn.bias', shard, offset: 4_000_100, byteLength: 24_576, isNeeded: true },
  { name: 'transformer.h.1.attn.c_attn.weight', shard, offset: 4_024_676, byteLength: 4_000_000, isNeeded: true },
];

test('a bias that is alone in its part is not waited for: it is prepared when everything has arrived', async () => {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const parts = shardParts({ partsFolder: '/parts' }, 92, tensors);
  const preparing = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () => reject(new AppError('worker.ended')));
  });
  const arrivals = new Arrivals({
    host: { request: (method) => (method === 'prepareArriving' ? preparing : Promise.resolve({})) as never },
    request: { folder: '', shards: [], preparedFolder: '', precision: 'nf4', device: 'cpu', fingerprint: 'f' },
    ...{ parts, releases: true, onPrepared: () => undefined, onFailure: () => undefined, signal: end.signal },
  });
  const bias = parts.find((part) => part.tensors.some(({ name }) => name.endsWith('bias')))!;
  expect(bias.tensors).toHaveLength(1);
  expect(await arrivals.consume(bias)).toBe('keep');
});
