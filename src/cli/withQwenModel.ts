import { defaultContextLength } from '../worker/chat/openChatModel';
import { maxContextLength } from '../worker/graph/rotary';
import { freshRam } from '../worker/hardware/detectHardware';
import { thisMachine } from '../worker/hardware/machine';
import { ordinaryContext } from '../worker/hardware/rankVerdicts';
import { requireMemory } from '../worker/hardware/requireMemory';
import { configOf, openQwenModel } from '../worker/runtime/openQwenModel';
import type { QwenModel } from '../worker/runtime/qwenModel';
import { readModelOptions } from './modelOptions';
import type { Options } from './options';

/** Opens the model of the options, without a tokenizer and with room for `tokens`, for as long as `use` takes. */
export async function withQwenModel<T>(
  options: Options,
  tokens: number,
  use: (model: QwenModel) => Promise<T>,
): Promise<T> {
  const setup = await readModelOptions(options);
  const shape = await configOf(setup);
  const { ram } = await freshRam(thisMachine);
  requireMemory(setup, { shape, ram, contextLength: Math.max(tokens, ordinaryContext), measurements: [] });
  const usual = defaultContextLength(setup.device, shape);
  const contextLength = Math.min(Math.max(tokens, usual), maxContextLength);
  const { model } = await openQwenModel({ ...setup, contextLength });
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}
