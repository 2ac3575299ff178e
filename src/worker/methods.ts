import { AppError } from '../shared/appError';
import { createArrivingMethods } from './arrivingMethods';
import type { ChatModel } from './chat/chatModel';
import type { OpenChatOptions } from './chat/openChatModel';
import { lookAt } from './hardware/detectHardware';
import { thisMachine } from './hardware/machine';
import { proveGpu } from './hardware/proveGpu';
import { ordinaryContext, rankVerdicts } from './hardware/rankVerdicts';
import type { Methods } from './serve';

/** What the methods need of a model. */
type AnsweringModel = Pick<ChatModel, 'opened' | 'answer' | 'conversationBytes'>;

/** The methods of a worker process, which loads one model in its life. */
export function createMethods(openModel: (options: OpenChatOptions) => Promise<AnsweringModel>): Methods {
  let model: AnsweringModel | null = null;
  let isLoading = false;
  return {
    ...createArrivingMethods(),

    hardware: () => lookAt(thisMachine),

    proveGpu: () => proveGpu(),

    verdicts: async (input) =>
      rankVerdicts({ ...(await lookAt(thisMachine)), ...input, contextLength: ordinaryContext }),

    async load(input, { emit, signal }) {
      if (isLoading || model !== null) throw new Error('this process has a model already');
      isLoading = true;
      try {
        model = await openModel({ ...input, onProgress: emit, signal });
        return model.opened;
      } finally {
        isLoading = false;
      }
    },

    async generate({ turns, sampling }, { emit, signal }) {
      if (model === null) throw new AppError('model.notLoaded');
      const { finishReason, stats, droppedTurns } = await model.answer(turns, sampling, {
        signal,
        onPrefill: (done, total) => emit({ kind: 'prefill', done, total }),
        onDelta: (text, tokens) => emit({ kind: 'delta', text, tokens }),
      });
      return { finishReason, stats, droppedTurns, conversationBytes: model.conversationBytes };
    },
  };
}
