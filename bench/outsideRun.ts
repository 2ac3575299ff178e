import path from 'node:path';
import { parseArgs } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { InferenceSession } from 'onnxruntime-node';
import { benchConfig } from '../src/worker/bench/benchShape';
import { openRandomModel } from '../src/worker/bench/randomModel';
import { cacheFolder } from '../src/worker/cacheFolder';
import { generate } from '../src/worker/generation/generate';
import { QwenModel } from '../src/worker/runtime/qwenModel';
import { createNextToken, type NextToken } from '../src/worker/sampling/createNextToken';
import { LogitsKernel } from '../src/worker/sampling/logitsKernel';
import { seededRandom } from '../src/worker/sampling/seededRandom';
import { QwenTokenizer } from '../src/worker/tokenizer/qwenTokenizer';
import { StreamingDetokenizer } from '../src/worker/tokenizer/streamingDetokenizer';
import { median } from './median';

const demoModel = path.resolve(import.meta.dirname, '../assets/demo-model');
const promptLength = 256;
const newTokens = 40;

const kernel = new LogitsKernel();
const common = { kernel, seed: 1, maxNewTokens: newTokens, temperature: 1, topK: 0, firstUnusedId: 151_646 };
const samplings = {
  greedy: { ...common, greedy: true, topP: 1, repetitionPenalty: 1 },
  'top-p 0.8, penalty 1.1': { ...common, greedy: false, topP: 0.8, repetitionPenalty: 1.1 },
  'no filter': { ...common, greedy: false, topP: 1, repetitionPenalty: 1 },
};

/** What a token of Qwen-7B's shape costs outside `session.run`: embedding, inputs, cache, the look for numbers that are none, choosing among
 *  151,936 logits, detokenizing, the message with its text: `npm run bench -- outside [--layers N]`. */
export async function benchOutsideRun(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { layers: { type: 'string', default: '32' } } });
  const config = benchConfig('qwen-7b', Number(values.layers));
  const setup = { config, precision: 'int4', floatType: 'float32' } as const;
  const folder = path.join(cacheFolder(), 'deskmate', 'bench', 'qwen-7b');
  const { weights } = await openRandomModel({ ...setup, folder });
  const model = await QwenModel.open({ ...setup, weights, device: 'cpu', contextLength: 1024 });
  const tokenizer = await QwenTokenizer.open(demoModel);
  const inside = watchRuns();
  const logits = logitsOfAModel(config.vocabularySize);
  for (const [name, sampling] of Object.entries(samplings)) {
    const { totalMs, insideMs } = await timeTokens(model, tokenizer, {
      nextToken: choosingFrom(logits, sampling),
      inside,
    });
    const outside = totalMs.map((total, i) => total - insideMs[i]!);
    const columns = [outside, totalMs].map((times) => median(times).toFixed(2).padStart(8));
    console.log(
      name.padEnd(24),
      `outside the run ${columns[0]} ms a token, of ${columns[1]}; best ${Math.min(...outside).toFixed(2)}`,
    );
  }
  await model.close();
}

/** Adds up the time that passes inside `session.run`. */
function watchRuns(): { ms: number } {
  const inside = { ms: 0 };
  const sessions = InferenceSession as unknown as { prototype: InferenceSession }; // a class at run time; its type hides that
  const { prototype } = sessions;
  const run = Reflect.get(prototype, 'run');
  const timed = async function (this: InferenceSession, ...args: unknown[]) {
    const start = performance.now();
    try {
      return (await Reflect.apply(run, this, args)) as unknown;
    } finally {
      inside.ms += performance.now() - start;
    }
  };
  Reflect.set(prototype, 'run', timed);
  return inside;
}

/** A trained model's: most far below a few candidates. Random weights give nearly equal ones, among which top-p keeps thousands. */
function logitsOfAModel(vocabularySize: number): Float32Array {
  const random = seededRandom(1);
  const logits = Float32Array.from({ length: vocabularySize }, () => 4 * (random() + random() + random() - 1.5));
  for (let i = 0; i < 40; i++) logits[Math.floor(random() * vocabularySize)] = 8 + 8 * random();
  return logits;
}

function choosingFrom(logits: Float32Array, sampling: Parameters<typeof createNextToken>[0]): NextToken {
  const choose = createNextToken(sampling);
  return (computed, ids) => {
    computed.set(logits);
    return choose(computed, ids);
  };
}

type Watched = { nextToken: NextToken; inside: { ms: number } };

/** Milliseconds of each token after the first, all of it and inside the run. */
async function timeTokens(model: QwenModel, tokenizer: QwenTokenizer, { nextToken, inside }: Watched) {
  const detokenizer = new StreamingDetokenizer((id) => tokenizer.tokenBytes(id % 3000));
  const { port1: app } = new MessageChannel();
  const marks: { at: number; insideMs: number }[] = [];
  await generate(
    model,
    Array.from({ length: promptLength }, (_, i) => (i * 31) % 150_000),
    {
      nextToken,
      stopIds: new Set(),
      maxNewTokens: newTokens,
      signal: new AbortController().signal,
      onPrefill: () => undefined,
      onToken: (id) => {
        app.postMessage({ kind: 'event', id: 1, event: { kind: 'delta', text: detokenizer.push(id), tokens: 1 } });
        marks.push({ at: performance.now(), insideMs: inside.ms });
      },
    },
  );
  app.close();
  const steps = marks
    .slice(1)
    .map((mark, i) => ({ total: mark.at - marks[i]!.at, inside: mark.insideMs - marks[i]!.insideMs }));
  return { totalMs: steps.map(({ total }) => total), insideMs: steps.map((step) => step.inside) };
}
