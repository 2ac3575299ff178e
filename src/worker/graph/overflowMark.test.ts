import { Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { toFloat16 } from '../checkpoint/dtype';
import { openSession } from '../runtime/session';
import { GraphBuilder } from './graphBuilder';
import { encodeOnnxModel } from './onnxFile';
import { overflowMark } from './overflowMark';

test('the mark is 0 up to the largest float16, and NaN where one element of any token is beyond it', async () => {
  const graph = new GraphBuilder();
  graph.input('stream', 'float16', [1, 's', 64]);
  graph.output(overflowMark(graph, 'stream'), 'float32', [1, 1, 1]);
  const session = await openSession(encodeOnnxModel(graph.graph()), { device: 'gpu' });
  const markOf = async (values: Float32Array) => {
    const stream = new Tensor('float16', toFloat16(values), [1, values.length / 64, 64]);
    return (await session.run({ stream }))['stream/overflow_mark']!.data[0];
  };
  const largest = Float32Array.from({ length: 40 * 64 }, (_, i) => (i % 3 === 0 ? -65504 : 65504));
  expect(await markOf(largest)).toBe(0);
  expect(await markOf(largest.subarray(0, 64))).toBe(0);
  for (const wrong of [Infinity, -Infinity, NaN])
    for (const place of [0, 17 * 64 + 5, 40 * 64 - 1]) expect(await markOf(largest.with(place, wrong))).toBeNaN();
  await session.release();
});
