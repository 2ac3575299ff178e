import { Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../src/worker/graph/graphBuilder';
import { encodeOnnxModel } from '../../src/worker/graph/onnxFile';
import { openSession } from '../../src/worker/runtime/session';

export type CopyWish = {
  /** Of the buffer that is copied: more than the GPU's caches hold. */
  bufferBytes: number;
  copies: number;
};

/** Bytes a second, read and written together, that the execution provider reaches in copying: the difference between a few copies
 *  and many, so that what a run costs besides does not count. */
export async function measureCopy({ bufferBytes, copies }: CopyWish): Promise<number> {
  const few = await timeCopies(bufferBytes, 2);
  const many = await timeCopies(bufferBytes, 2 + copies);
  return (2 * bufferBytes * copies) / ((many - few) / 1000);
}

/** The best of some runs, ms. */
async function timeCopies(bufferBytes: number, copies: number): Promise<number> {
  const session = await openSession(encodeOnnxModel(copyGraph(bufferBytes / 4, copies)), { device: 'gpu' });
  const feeds = { seed: new Tensor('float32', Float32Array.of(1), [1]) };
  const times: number[] = [];
  for (let run = 0; run < 6; run++) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  await session.release();
  return Math.min(...times);
}

/** Each Neg reads one buffer and writes another; the last value comes out, so that a run ends when all is done.
 *
 *    seed [1] ─ Expand [n] ─ Neg ─ Neg ─ … ─ Slice ─ last [1]                                                     */
function copyGraph(elements: number, copies: number) {
  const graph = new GraphBuilder();
  const seed = graph.input('seed', 'float32', [1]);
  let value = graph.add('Expand', { from: [seed, graph.int64('size', [elements])], to: 'filled' });
  for (let i = 0; i < copies; i++) value = graph.add('Neg', { from: [value], to: `copy${i}` });
  const [start, end] = [graph.int64('start', [elements - 1]), graph.int64('end', [elements])];
  graph.output(graph.add('Slice', { from: [value, start, end], to: 'last' }), 'float32', [1]);
  return graph.graph();
}
