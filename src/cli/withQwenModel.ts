import { defaultContextLength } from '../worker/chat/openChatModel';
import { readQwenConfig } from '../worker/checkpoint/qwenConfig';
import { openQwenModel } from '../worker/runtime/openQwenModel';
import { maxContextLength, type QwenModel } from '../worker/runtime/qwenModel';
import { readModelOptions } from './modelOptions';
import type { Options } from './options';

/** Opens the model of the options, without a tokenizer and with room for `tokens`, for as long as `use` takes. */
export async function withQwenModel<T>(
  options: Options,
  tokens: number,
  use: (model: QwenModel) => Promise<T>,
): Promise<T> {
  const setup = readModelOptions(options);
  const usual = defaultContextLength(setup.device, await readQwenConfig(setup.modelFolder));
  const contextLength = Math.min(Math.max(tokens, usual), maxContextLength);
  const { model } = await openQwenModel({ ...setup, contextLength });
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}
