import type { WorkerOutput } from '../../shared/workerProtocol';
import type { WorkerHost } from '../inference/workerHost';

/** What a checkpoint folder holds, found by a process that is there for nothing else. Throws a `checkpoint.` code, or `model.notFound`. */
export async function inspectFolder(newHost: () => WorkerHost, folder: string): Promise<WorkerOutput<'inspect'>> {
  const host = newHost();
  try {
    return await host.request('inspect', { folder });
  } finally {
    await host.end();
  }
}
