import { join } from 'node:path';
import { z } from 'zod';
import { Device, Precision } from '../shared/precision';
import { floatTypeOn } from '../shared/preparedForm';
import { benchConfig, BenchShape } from '../worker/bench/benchShape';
import { measureSpeed } from '../worker/bench/measureSpeed';
import { openRandomModel } from '../worker/bench/randomModel';
import { cacheFolder } from '../worker/cacheFolder';
import { defaultContextLength } from '../worker/chat/openChatModel';
import type { Command } from './command';
import { progressOnStderr } from './modelOptions';
import { writeLine } from './output';

const Count = z.int().min(1).max(16_000);

/** How fast this computer runs a model of some shape, with random weights that are made once. A given chunk replaces the engine's own,
 *  and the check of the GPU's attention that chooses it: Mesa's lavapipe does not finish compiling that check for this shape. */
export const bench: Command = {
  usage:
    '--shape qwen-7b [--layers N] --precision bf16|int8|nf4|int4 --device cpu|gpu --prefill N --decode N [--chunk N]',
  data: 'nothing → {"loadMs", "prefillTokensPerSecond", "decodeMsPerToken", "peakRssBytes", ...}',
  options: {
    shape: 'value',
    layers: 'value',
    precision: 'value',
    device: 'value',
    prefill: 'value',
    decode: 'value',
    chunk: 'value',
  },
  async run(options) {
    const shape = options.oneOf('shape', BenchShape);
    const config = benchConfig(shape, options.number('layers', Count));
    const setup = { precision: options.oneOf('precision', Precision), device: options.oneOf('device', Device) };
    const request = {
      prefill: options.number('prefill', Count) ?? Number(options.required('prefill')),
      decode: options.number('decode', Count) ?? Number(options.required('decode')),
    };
    const chunkLength = options.number('chunk', Count);
    const { device } = setup;
    const floatType = floatTypeOn[device];
    const folder = join(cacheFolder(), 'deskmate', 'bench', shape);
    const report = progressOnStderr();
    const onProgress = (done: number, total: number) => report({ stage: 'preparing', fraction: done / total });
    const { weightsBytes, ...model } = await openRandomModel({ ...setup, config, floatType, folder, onProgress });
    report({ stage: 'opening', fraction: null });
    const contextLength = Math.max(defaultContextLength(device, config), request.prefill + request.decode);
    const chunk = chunkLength === undefined ? {} : { chunkLength };
    const speed = await measureSpeed({ ...model, device, floatType, contextLength, ...chunk }, request);
    await writeLine({ shape, layers: config.layers, ...setup, ...request, ...chunk, ...speed, weightsBytes });
  },
};
