import type { Checkpoint } from '../checkpoint/checkpoint';
import { sourceBytesOf } from './fileJob';
import { JobQueue } from './jobQueue';
import { fittingThreads, makeFiles } from './makeFiles';
import { planFiles } from './planFiles';

/** Looks at every weight of a checkpoint as `prepareCheckpoint` does, and writes nothing. Throws `checkpoint.notFinite` with the
 *  tensor and its file, and `checkpoint.invalidShard`. */
export async function checkWeights(checkpoint: Checkpoint): Promise<void> {
  // On a CPU bf16 is only looked at: all of these jobs are of the kind `check`.
  const plan = planFiles(checkpoint, { precision: 'bf16', floatType: 'float32', isStandalone: false });
  const jobs = new JobQueue();
  jobs.add(...plan.map(({ job }) => job));
  jobs.close();
  const bytes = plan.reduce((sum, { job }) => sum + sourceBytesOf(job), 0);
  await makeFiles({
    folder: checkpoint.folder,
    jobs,
    threads: Math.min(fittingThreads(bytes), plan.length),
    onBytes: () => undefined,
    onMade: () => Promise.resolve(),
  });
}
