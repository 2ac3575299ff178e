import { readFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { moveModels } from './moveModels';
import { namesIn } from './ownFiles';
import { interruptedMove, settleMove } from './settleMove';

/**
 * What the app does about a move, in a process that is killed at a step: `killedMove STEP SETTINGS [TO]`. The settings are a file
 * with the folder's name; without TO it is a start, which goes on with what an earlier process left.
 */
const [fatal, settingsFile, wanted] = process.argv.slice(2);
const tell = (step: string): void => {
  if (step === fatal) process.kill(process.pid, 'SIGKILL');
};

async function run(settings: string): Promise<void> {
  const from = readFileSync(settings, 'utf8');
  const to = wanted ?? (await interruptedMove(from));
  if (to === null) return settleMove(from);
  await moveModels({
    ...{ from, to, signal: new AbortController().signal, suspend: new AbortController().signal },
    files: async () => {
      tell('announced');
      const names = (await namesIn(join(from, 'demo'))).map((name) => join('demo', name));
      return Promise.all(names.map(async (path) => ({ path, sizeBytes: (await stat(join(from, path))).size })));
    },
    onProgress: (done, total) => tell(`brought ${((done / total) * 100).toFixed(0)}`),
    switchOver: () => {
      tell('copied');
      writeFileSync(settings, to);
      return Promise.resolve(tell('stored'));
    },
    release: () => Promise.resolve(tell('released')),
  });
}

await run(settingsFile!);
tell('done');
