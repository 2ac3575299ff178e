import { benchInterface } from './interface';
import { benchOutsideRun } from './outsideRun';
import { benchPrecisions } from './precisions';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  precisions: benchPrecisions,
  outside: benchOutsideRun,
  interface: benchInterface,
};

/** `npm run bench [-- NAME]`: one benchmark, or all. */
const chosen = process.argv[2];
if (chosen !== undefined && !Object.hasOwn(benches, chosen)) {
  console.error(`There is no benchmark ${chosen}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
for (const [name, run] of Object.entries(benches)) {
  if (chosen !== undefined && chosen !== name) continue;
  console.log(`\n${name}`);
  await run();
}
