import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';
import { openSession } from './session';

/** A program: opens a session of one node on the CPU. */
async function main(): Promise<void> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1]);
  graph.output(graph.add('Add', { from: [x, x], to: 'y' }), 'float32', [1]);
  const session = await openSession(encodeOnnxModel(graph.graph()), { device: 'cpu' });
  await session.release();
  process.stdout.write('opened');
}

void main();
