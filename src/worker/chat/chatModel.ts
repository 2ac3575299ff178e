import type { ChatTurn, FinishReason, GenerationStats, SamplingOptions } from '../../shared/generation';
import type { OpenedModel } from '../../shared/model';
import type { GenerationConfig } from '../checkpoint/generationConfig';
import { generate, type Generated } from '../generation/generate';
import type { QwenModel } from '../runtime/qwenModel';
import { createNextToken } from '../sampling/createNextToken';
import { LogitsKernel } from '../sampling/logitsKernel';
import { resolveSampling } from '../sampling/resolveSampling';
import type { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { StreamingDetokenizer } from '../tokenizer/streamingDetokenizer';
import { fitPrompt } from './fitPrompt';

export type ChatModelParts = {
  opened: OpenedModel;
  model: QwenModel;
  tokenizer: QwenTokenizer;
  generationConfig: GenerationConfig;
};

export type Follow = {
  signal: AbortSignal;
  /** Prompt tokens computed so far, of all. */
  onPrefill: (done: number, total: number) => void;
  /** New text, whole characters only, made of so many tokens. */
  onDelta: (text: string, tokens: number) => void;
};

export type Answer = {
  text: string;
  ids: number[];
  finishReason: FinishReason;
  stats: GenerationStats;
  droppedTurns: number;
};

/** A model that answers conversations, one at a time. */
export class ChatModel {
  readonly #kernel = new LogitsKernel();

  constructor(private readonly parts: ChatModelParts) {}

  get opened(): OpenedModel {
    return this.parts.opened;
  }

  /** What keys and values take now; it follows the conversation. */
  get conversationBytes(): number {
    return this.parts.model.cacheBytes;
  }

  /** Answers the last of `turns`. Throws `prompt.tooLong`, `prompt.wrongRole`, `generation.notFinite`, `session.failed`. */
  async answer(
    turns: readonly ChatTurn[],
    sampling: SamplingOptions,
    { signal, onPrefill, onDelta }: Follow,
  ): Promise<Answer> {
    const { model, tokenizer, generationConfig } = this.parts;
    const options = resolveSampling(sampling, generationConfig);
    const { contextLength } = model;
    const { maxWindowSize } = generationConfig;
    const prompt = fitPrompt(turns, tokenizer, { maxWindowSize, contextLength, maxNewTokens: options.maxNewTokens });
    const text = new AnswerText(tokenizer, onDelta);
    const generated = await generate(model, prompt.ids, {
      nextToken: createNextToken({
        ...options,
        firstUnusedId: tokenizer.specialId('<|extra_0|>'),
        kernel: this.#kernel,
      }),
      stopIds: new Set([
        tokenizer.specialId('<|endoftext|>'),
        tokenizer.specialId('<|im_start|>'),
        tokenizer.specialId('<|im_end|>'),
      ]),
      maxNewTokens: options.maxNewTokens,
      signal,
      onPrefill,
      onToken: (id) => text.push(id),
    });
    const { ids, finishReason } = generated;
    const stats = this.#stats(generated, { promptTokens: prompt.ids.length, seed: options.seed });
    return { text: text.end(), ids, finishReason, stats, droppedTurns: prompt.droppedTurns };
  }

  async close(): Promise<void> {
    await this.parts.model.close();
  }

  #stats(
    { ids, reusedTokens, timeToFirstTokenMs, tokensPerSecond }: Generated,
    { promptTokens, seed }: { promptTokens: number; seed: number },
  ): GenerationStats {
    const { precision, device, executionProvider } = this.opened;
    const newTokens = ids.length;
    const speed = { timeToFirstTokenMs, tokensPerSecond };
    return { promptTokens, reusedTokens, newTokens, ...speed, precision, device, executionProvider, seed };
  }
}

/** Collects an answer's text and passes it on as characters become whole. */
class AnswerText {
  readonly #detokenizer: StreamingDetokenizer;
  #text = '';
  #heldTokens = 0;

  constructor(
    tokenizer: QwenTokenizer,
    private readonly onDelta: Follow['onDelta'],
  ) {
    this.#detokenizer = new StreamingDetokenizer((id) => tokenizer.tokenBytes(id));
  }

  push(id: number): void {
    this.#heldTokens++;
    this.#give(this.#detokenizer.push(id));
  }

  /** The whole text; bytes of an unfinished character have become U+FFFD. */
  end(): string {
    this.#give(this.#detokenizer.end());
    return this.#text;
  }

  #give(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.onDelta(text, this.#heldTokens);
    this.#heldTokens = 0;
  }
}
