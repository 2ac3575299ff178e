import { AppError } from '../../shared/appError';
import type { Hardware } from '../../shared/hardware';
import type { WorkerHost } from '../inference/workerHost';
import { volumeOf } from './volumeOf';

type Host = Pick<WorkerHost, 'request'>;

/** What there is in this computer, and the disk that models are kept on. */
export async function readHardware(host: Host, modelsFolder: string): Promise<Hardware> {
  return { ...(await askWorker(host)), disk: await volumeOf(modelsFolder) };
}

/** Ended on purpose while it looks (another model loads), the next one is asked. */
async function askWorker(host: Host): Promise<Hardware> {
  try {
    return await host.request('hardware', {});
  } catch (error) {
    if (error instanceof AppError && error.code === 'worker.ended') return host.request('hardware', {});
    throw error;
  }
}
