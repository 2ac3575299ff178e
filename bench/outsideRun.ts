import { createNextToken } from '../src/worker/sampling/createNextToken';
import { seededRandom } from '../src/worker/sampling/seededRandom';
import { median } from './median';

const vocabularySize = 151_936;
const rounds = 200;

/** What a token costs besides the model, at Qwen-7B's vocabulary: choosing it among 151,936 logits. */
export function benchOutsideRun(): Promise<void> {
  const random = seededRandom(1);
  // Roughly a model's: most logits far below a few candidates.
  const logits = Float32Array.from({ length: vocabularySize }, () => 4 * (random() + random() + random() - 1.5));
  for (let i = 0; i < 40; i++) logits[Math.floor(random() * vocabularySize)] = 8 + 8 * random();
  const ids = Array.from({ length: 2048 }, () => Math.floor(random() * vocabularySize));
  const common = { seed: 1, maxNewTokens: 512, temperature: 1, topK: 0, firstUnusedId: 151_646 };
  const ways = {
    greedy: createNextToken({ ...common, greedy: true, topP: 1, repetitionPenalty: 1 }),
    'top-p 0.8, penalty 1.1': createNextToken({ ...common, greedy: false, topP: 0.8, repetitionPenalty: 1.1 }),
    'no filter': createNextToken({ ...common, greedy: false, topP: 1, repetitionPenalty: 1 }),
  };
  for (const [name, nextToken] of Object.entries(ways)) {
    const times = Array.from({ length: rounds }, () => {
      const copy = logits.slice();
      const start = performance.now();
      nextToken(copy, ids);
      return performance.now() - start;
    });
    console.log(`${name.padEnd(24)} ${median(times).toFixed(3)} ms a token`);
  }
  return Promise.resolve();
}
