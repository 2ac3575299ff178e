import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchConfig } from '../src/worker/bench/benchShape';
import { openRandomModel } from '../src/worker/bench/randomModel';
import { cacheFolder } from '../src/worker/cacheFolder';
import { QwenModel } from '../src/worker/runtime/qwenModel';
import { median } from './median';

const turns = 10;
/** Tokens that a user's message and the template add, and of an answer. */
const newTokens = 40;
const answerLength = 60;

/** The time to the logits after turn ten of a conversation beside a first turn with as many new tokens, in turns within one run:
 *  `npm run bench -- turns [--layers N] [--rounds N]`. 1 means that what was computed before costs nothing again. */
export async function benchTurns(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { layers: { type: 'string', default: '4' }, rounds: { type: 'string', default: '5' } },
  });
  const config = benchConfig('qwen-7b', Number(values.layers));
  const setup = { config, precision: 'int4', floatType: 'float32' } as const;
  const folder = path.join(cacheFolder(), 'deskmate', 'bench', 'qwen-7b');
  const { weights } = await openRandomModel({ ...setup, folder });
  const model = await QwenModel.open({ ...setup, weights, device: 'cpu', contextLength: 2048 });
  const times = { first: [] as number[], tenth: [] as number[], anew: [] as number[] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const ids = Array.from(
      { length: turns * (newTokens + answerLength) - answerLength },
      (_, i) => (i * 37 + round) % 150_000,
    );
    times.first.push(await timePrefill(model, ids.slice(0, newTokens), 0));
    times.anew.push(
      await timePrefill(
        model,
        ids.map((id) => id + 1),
        0,
      ),
    );
    await model.prefill(ids.slice(0, -newTokens));
    times.tenth.push(await timePrefill(model, ids, ids.length - newTokens));
  }
  const [first, tenth, anew] = [times.first, times.tenth, times.anew].map(median) as [number, number, number];
  console.log(`first turn, ${newTokens} tokens: ${first.toFixed(0)} ms`);
  console.log(
    `turn ten, ${newTokens} new tokens: ${tenth.toFixed(0)} ms, ${(tenth / first).toFixed(2)} of a first turn`,
  );
  console.log(`turn ten without a cache: ${anew.toFixed(0)} ms, ${(anew / first).toFixed(2)} of a first turn`);
  await model.close();
}

async function timePrefill(model: QwenModel, ids: readonly number[], expectedReuse: number): Promise<number> {
  const start = performance.now();
  const { reusedTokens } = (await model.prefill(ids))!;
  if (reusedTokens !== expectedReuse) throw new Error(`${reusedTokens} tokens were reused, not ${expectedReuse}`);
  return performance.now() - start;
}
