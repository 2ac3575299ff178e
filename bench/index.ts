import { benchDownload } from './download';
import { benchInterface } from './interface';
import { benchLlamaCpp } from './llamaCpp';
import { benchMemory } from './memory';
import { benchOutsideRun } from './outsideRun';
import { benchPrecisions } from './precisions';
import { benchPrepare } from './prepare';
import { benchQuality } from './quality';
import { benchTurns } from './turns';

/** Each takes the arguments after its name. */
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  precisions: benchPrecisions,
  outside: benchOutsideRun,
  prepare: benchPrepare,
  download: benchDownload,
  interface: benchInterface,
  memory: benchMemory,
  quality: benchQuality,
  llama: benchLlamaCpp,
  turns: benchTurns,
};

/** `npm run bench [-- NAME [options]]`: one benchmark, or all. */
const [chosen, ...args] = process.argv.slice(2);
if (chosen !== undefined && !Object.hasOwn(benches, chosen)) {
  console.error(`There is no benchmark ${chosen}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
for (const [name, run] of Object.entries(benches)) {
  if (chosen !== undefined && chosen !== name) continue;
  console.log(`\n${name}`);
  await run(args);
}
