import { Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../src/worker/graph/graphBuilder';
import { encodeOnnxModel } from '../src/worker/graph/onnxFile';
import { openSession } from '../src/worker/runtime/session';

const [inputs, outputs] = [4096, 65_536];
const rounds = 12;

/** Bytes a second that ONNX Runtime reads when it computes next to nothing: a row of float32 by a matrix of 1.1 GB, the best of some rounds.
 *  What decodes a token cannot read its weights faster. */
export async function readRate(): Promise<number> {
  const graph = new GraphBuilder();
  const row = graph.input('row', 'float32', [1, inputs]);
  const matrix = graph.input('matrix', 'float32', [inputs, outputs]);
  graph.output(graph.add('MatMul', { from: [row, matrix], to: 'product' }), 'float32', [1, outputs]);
  const session = await openSession(encodeOnnxModel(graph.graph()), { device: 'cpu' });
  const feeds = {
    row: new Tensor('float32', new Float32Array(inputs).fill(1), [1, inputs]),
    matrix: new Tensor('float32', new Float32Array(inputs * outputs).fill(1), [inputs, outputs]),
  };
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  await session.release();
  return (4 * inputs * outputs) / (best / 1000);
}
