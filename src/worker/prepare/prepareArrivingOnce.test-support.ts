import { access, readFile, rm } from 'node:fs/promises';
import { layOutCheckpoint } from '../checkpoint/checkpoint';
import { Arrivals } from './arrivals';
import { prepareArriving } from './prepareArriving';
import type { SplitCheckpoint } from './splitCheckpoint.test-support';

// A program of its own, so that it can be killed: prepares what is there of a split checkpoint, prints the names of the
// tensors that are done, a line an event, and deletes their parts.
const [splitFile, folder] = process.argv.slice(2);
const split = JSON.parse(await readFile(splitFile!, 'utf8')) as SplitCheckpoint; // the test wrote it
const { config, tensors } = await layOutCheckpoint(split);
const arrivals = new Arrivals();
const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
const there = await Promise.all(split.parts.map(async (part) => ((await isThere(part.file)) ? [part] : [])));
void arrivals.arrive(there.flat());
void arrivals.conclude();
const removed: Promise<void>[] = [];
await prepareArriving({
  checkpoint: { config, tensors, fingerprint: '0123456789abcdef' },
  folder: folder!,
  precision: 'nf4',
  floatType: 'float16',
  isStandalone: true,
  arrivals,
  threads: 2,
  onDone({ tensors: done }) {
    process.stdout.write(`${JSON.stringify(done)}\n`);
    for (const { name, file } of split.parts) if (done.includes(name)) removed.push(rm(file, { force: true }));
  },
});
await Promise.all(removed);
