import type { Precision } from '../src/shared/precision';
import { benchConfig } from '../src/worker/bench/benchShape';
import { timeAnswer } from '../src/worker/bench/measureSpeed';
import { openRandomModel } from '../src/worker/bench/randomModel';
import { QwenModel } from '../src/worker/runtime/qwenModel';
import { serveEngine } from './enginePeer';

/** Our engine as a peer: `deskmatePeer.ts PRECISION LAYERS CONTEXT FOLDER`. */
const [precision, layers, contextLength, folder] = process.argv.slice(2);
let model: QwenModel;

serveEngine({
  async open() {
    const options = {
      config: benchConfig('qwen-7b', Number(layers)),
      precision: precision as Precision, // given by llamaCpp.ts
      floatType: 'float32',
      folder: folder!,
    } as const;
    const { config, weights } = await openRandomModel(options);
    const start = performance.now();
    model = await QwenModel.open({
      config,
      weights,
      device: 'cpu',
      floatType: 'float32',
      contextLength: Number(contextLength),
    });
    await model.prefill([1]);
    return performance.now() - start;
  },
  answer: (request, round) => timeAnswer(model, request, round),
});
