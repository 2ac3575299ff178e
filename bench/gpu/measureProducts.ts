import { Tensor } from 'onnxruntime-node';
import type { Precision } from '../../src/shared/precision';
import { benchConfig } from '../../src/worker/bench/benchShape';
import { openRandomModel } from '../../src/worker/bench/randomModel';
import type { QwenConfig } from '../../src/worker/checkpoint/qwenConfig';
import { GraphBuilder } from '../../src/worker/graph/graphBuilder';
import { linear } from '../../src/worker/graph/linear';
import { encodeOnnxModel } from '../../src/worker/graph/onnxFile';
import type { StoredWeight, WeightSource } from '../../src/worker/graph/weightSource';
import { openSession } from '../../src/worker/runtime/session';
import { median } from '../median';

export type ProductsWish = { precision: Precision; layers: number; folder: string; runs: number };

export type ProductsSpeed = {
  /** One layer's w1 and c_proj for one token. */
  msPerLayer: number;
  readBytesPerLayer: number;
};

/** Times the products with quantized weights alone, as a decoded token needs them: 4096 × 11008 and back, through the layers one after
 *  the other, so that no cache of the GPU holds the weights of the next run. */
export async function measureProducts({ precision, layers, folder, runs }: ProductsWish): Promise<ProductsSpeed> {
  const config = benchConfig('qwen-7b', layers);
  const { weights } = await openRandomModel({ config, precision, floatType: 'float16', folder });
  const one = await timeChain({ config: { ...config, layers: 1 }, weights, runs });
  const all = layers === 1 ? one : await timeChain({ config, weights, runs });
  return {
    // What a run costs besides its products is in both; of one layer alone it cannot be told apart.
    msPerLayer: layers === 1 ? one : (all - one) / (layers - 1),
    readBytesPerLayer: ['w1', 'c_proj'].reduce((sum, name) => sum + bytesOf(weights.weight(nameOf(0, name))), 0),
  };
}

type Chain = { config: QwenConfig; weights: WeightSource; runs: number };

async function timeChain({ config, weights, runs }: Chain): Promise<number> {
  const model = encodeOnnxModel(chainGraph(config, weights));
  const session = await openSession(model, { device: 'gpu', weightsFolder: weights.folder });
  const x = new Tensor('float16', new Uint16Array(config.hiddenSize), [1, 1, config.hiddenSize]);
  const times: number[] = [];
  await session.run({ x });
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await session.run({ x });
    times.push(performance.now() - start);
  }
  await session.release();
  return median(times);
}

/** x [1, 1, 4096] ─ w1 ─ c_proj ─ w1 ─ c_proj ─ … ─ y [1, 1, 4096]                                                 */
function chainGraph(config: QwenConfig, weights: WeightSource) {
  const graph = new GraphBuilder();
  const { hiddenSize, feedForwardSize } = config;
  const common = { graph, config, weights, device: 'gpu', floatType: 'float16' } as const;
  const context = { ...common, contextLength: 1, scalesQueries: false };
  let y = graph.input('x', 'float16', [1, 1, hiddenSize]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = (name: string) => nameOf(layer, name).replace('.weight', '');
    const up = linear(context, { name: at('w1'), x: y, inputs: hiddenSize, outputs: feedForwardSize });
    y = linear(context, { name: at('c_proj'), x: up, inputs: feedForwardSize, outputs: hiddenSize });
  }
  graph.output(y, 'float16', [1, 1, hiddenSize]);
  return graph.graph();
}

const nameOf = (layer: number, name: string): string => `transformer.h.${layer}.mlp.${name}.weight`;

function bytesOf(weight: StoredWeight): number {
  switch (weight.encoding) {
    case 'plain':
      return weight.values.byteLength;
    case 'nf4':
      return weight.codes.byteLength + weight.absmax.byteLength;
    case 'blockwise':
      return weight.codes.byteLength + weight.scales.byteLength;
    default:
      return weight satisfies never;
  }
}
