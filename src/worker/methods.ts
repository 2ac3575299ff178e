import type { ChatTurn, SamplingOptions } from '../shared/generation';
import { AppError } from '../shared/appError';
import type { LoadProgress, OpenedModel } from '../shared/model';
import type { WorkerInput, WorkerOutput } from '../shared/workerProtocol';
import { detectHardware, qwen7bChat } from './hardware/detectHardware';
import { thisMachine } from './hardware/machine';
import type { Methods } from './serve';

/** What the methods need of a model. */
export type AnsweringModel = {
  readonly opened: OpenedModel;
  answer(
    turns: readonly ChatTurn[],
    sampling: SamplingOptions,
    follow: {
      signal: AbortSignal;
      onPrefill: (done: number, total: number) => void;
      onDelta: (text: string, tokens: number) => void;
    },
  ): Promise<WorkerOutput<'generate'>>;
};

export type OpenModel = (
  options: WorkerInput<'load'> & { onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
) => Promise<AnsweringModel>;

/** The methods of a worker process, which loads one model in its life. */
export function createMethods(openModel: OpenModel): Methods {
  let model: AnsweringModel | null = null;
  let isLoading = false;
  return {
    hardware: () => detectHardware(thisMachine, qwen7bChat),

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
      return { finishReason, stats, droppedTurns };
    },
  };
}
