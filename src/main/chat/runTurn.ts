import { randomInt } from 'node:crypto';
import type { MessageId, Provenance } from '../../shared/conversation';
import type { ChatTurn, FinishReason } from '../../shared/generation';
import type { LoadedModel } from '../../shared/model';
import { toWireError } from '../../shared/wireError';
import type { WorkerEvent } from '../../shared/workerProtocol';
import { isDiskFull } from '../app/diskFull';
import { orAborted } from '../app/orAborted';
import type { AnswerEnd } from '../conversations/messageRepository';
import type { WorkerHost } from '../inference/workerHost';
import type { ModelLoader } from '../model/modelLoader';
import { AnswerJournal } from './answerJournal';
import type { LiveAnswer } from './liveAnswer';
import { AnswerLeft } from './liveAnswer';

export type TurnParts = {
  readonly model: ModelLoader;
  readonly host: WorkerHost;
  readonly appendText: (id: MessageId, text: string) => Promise<void>;
  readonly beginAnswer: (id: MessageId, provenance: Provenance) => Promise<void>;
  readonly reportBug: (bug: unknown) => void;
};

type Turn = {
  readonly answer: LiveAnswer;
  readonly turns: ChatTurn[];
  /** Resolves when the answers asked for before this one have ended. */
  readonly isNext: Promise<void>;
};

/** Writes one answer, storing and announcing it as it grows. Never rejects: however it ended is the result. */
export async function runTurn(parts: TurnParts, turn: Turn): Promise<AnswerEnd> {
  const { answer } = turn;
  try {
    const { finishReason, provenance } = await generate(parts, turn);
    return { text: answer.text, state: stateOf(finishReason), provenance, error: null };
  } catch (error) {
    const { text, provenance } = answer;
    if (error instanceof AnswerLeft) return { text, state: error.state, provenance, error: null };
    parts.model.answerFailed(error);
    const wire = toWireError(error, parts.reportBug);
    const state = wire.code === 'worker.crashed' ? 'interrupted' : 'error';
    return { text, state, provenance, error: wire };
  } finally {
    answer.isInWorker = false;
    answer.announce();
  }
}

async function generate(parts: TurnParts, { answer, turns, isNext }: Turn) {
  const { model, host, appendText, reportBug } = parts;
  await orAborted(isNext, answer.stopSignal);
  const loaded = await orAborted(model.whenReady(), answer.stopSignal);
  const journal = new AnswerJournal(
    (text) => appendText(answer.message.id, text),
    (error) => {
      if (!isDiskFull(error)) answer.leave(error); // a bug; for a full disk, the end is kept and stored later
    },
  );
  const seed = randomInt(2 ** 32);
  const begun = provenanceOf(loaded, seed);
  answer.begin(begun);
  store(parts, answer, begun);
  const onEvent = (event: WorkerEvent<'generate'>): void => {
    if (!answer.leaveSignal.aborted) take(event, answer, journal);
  };
  try {
    const request = host.request('generate', { turns, sampling: { seed } }, { onEvent, signal: answer.stopSignal });
    answer.isReleased = request.then(
      () => undefined,
      () => undefined, // how it ended is told below; here it matters only that it has
    );
    answer.leaveSignal.addEventListener('abort', () => void host.killIfSilent(request).catch(reportBug));
    const { finishReason, stats, droppedTurns, conversationBytes } = await orAborted(request, answer.leaveSignal);
    model.setConversationBytes(conversationBytes);
    return { finishReason, provenance: { ...begun, ...stats, droppedTurns } };
  } finally {
    journal.close();
  }
}

const provenanceOf = (
  { name, modelId, precision, device, deviceName, executionProvider }: LoadedModel,
  seed: number,
): Provenance => ({
  modelName: name,
  ...{ modelId, precision, device, deviceName, executionProvider, seed },
  ...{ promptTokens: null, reusedTokens: null, newTokens: null, timeToFirstTokenMs: null, tokensPerSecond: null },
  droppedTurns: null,
});

/** Not awaited: the end of the answer stores it again. */
function store({ beginAnswer, reportBug }: TurnParts, { message }: LiveAnswer, provenance: Provenance): void {
  beginAnswer(message.id, provenance).catch((error: unknown) => {
    if (!isDiskFull(error)) reportBug(error);
  });
}

function take(event: WorkerEvent<'generate'>, answer: LiveAnswer, journal: AnswerJournal): void {
  switch (event.kind) {
    case 'prefill':
      return answer.showPrefill(event.done, event.total);
    case 'delta':
      answer.append(event.text);
      return journal.add(event.text, event.tokens);
    default:
      event satisfies never;
  }
}

function stateOf(finishReason: FinishReason): AnswerEnd['state'] {
  switch (finishReason) {
    case 'stop':
      return 'done';
    case 'length':
      return 'length';
    case 'aborted':
      return 'stopped';
    default:
      return finishReason satisfies never;
  }
}
