import { defaultContextLength } from '../worker/chat/openChatModel';
import { openCheckpoint } from '../worker/checkpoint/checkpoint';
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
  const { modelFolder, ...setup } = readModelOptions(options);
  const checkpoint = await openCheckpoint(modelFolder);
  const usual = defaultContextLength(setup.device, checkpoint.config);
  const contextLength = Math.min(Math.max(tokens, usual), maxContextLength);
  const { model } = await openQwenModel(checkpoint, { ...setup, contextLength });
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}
