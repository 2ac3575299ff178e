import { AppError } from '../../shared/appError';
import type { Hardware } from '../../shared/hardware';
import type { WorkerHost } from '../inference/workerHost';

/** What the worker finds in this computer. Ended on purpose while it looks (another model loads), the next one is asked. */
export async function readHardware(host: Pick<WorkerHost, 'request'>): Promise<Hardware> {
  try {
    return await host.request('hardware', {});
  } catch (error) {
    if (error instanceof AppError && error.code === 'worker.ended') return host.request('hardware', {});
    throw error;
  }
}
