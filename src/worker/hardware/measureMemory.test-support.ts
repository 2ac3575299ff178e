import { benchConfig } from '../bench/benchShape';
import { openRandomModel } from '../bench/randomModel';
import { Precision } from '../../shared/precision';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';
import { checkpointWeights } from '../graph/weightSource';
import { QwenModel } from '../runtime/qwenModel';
import { openSession } from '../runtime/session';

/** A program: opens a model in a process of its own, computes a prompt and prints the peak of its memory in bytes, less what
 *  Node and ONNX Runtime take with a trivial session. Arguments: precision, folder, tokens, and `random` or `checkpoint`. */
async function main(): Promise<void> {
  const [precision, folder, tokens, kind] = process.argv.slice(2);
  await openTrivialSession();
  const { config, weights } = kind === 'random' ? await randomModel(precision!, folder!) : await plainModel(folder!);
  const before = process.memoryUsage.rss();
  const contextLength = Number(tokens);
  const model = await QwenModel.open({ config, weights, device: 'cpu', floatType: 'float32', contextLength });
  await model.prefill(Array.from({ length: contextLength }, (_, i) => (i * 7) % 512));
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ bytes: peak - before }));
  await model.close();
}

async function openTrivialSession(): Promise<void> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [1]);
  graph.output(graph.add('Add', { from: [x, x], to: 'y' }), 'float32', [1]);
  await (await openSession(encodeOnnxModel(graph.graph()), { device: 'cpu' })).release();
}

/** One layer of Qwen-7B. */
const randomModel = (precision: string, folder: string) =>
  openRandomModel({
    config: { ...benchConfig('qwen-7b', 1), vocabularySize: 4096 },
    precision: Precision.parse(precision),
    floatType: 'float32',
    folder,
  });

async function plainModel(folder: string) {
  const checkpoint = await openCheckpoint(folder);
  return { config: checkpoint.config, weights: checkpointWeights(checkpoint) };
}

void main();
