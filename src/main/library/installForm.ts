import { join } from 'node:path';
import { AppError } from '../../shared/appError';
import { isShard } from './checkpointFiles';
import type { InstallWork } from './installWork';
import type { DownloadOrder, ModelMarker } from './records';

type Form = InstallWork & {
  readonly marker: ModelMarker;
  readonly order: Pick<DownloadOrder, 'precision' | 'device'>;
};

/** Prepares another form of a model whose originals are on the disk: nothing is fetched. */
export async function installForm({ marker, order, places, host, report, signal }: Form): Promise<void> {
  if (marker.fingerprint === null || !marker.hasOriginals)
    throw new AppError('library.notInstalled', { name: marker.name });
  report.stage('preparing');
  const shards = marker.files.filter(({ path }) => isShard(path));
  const fileOf = (shard: string): string => join(places.checkpoint, shard);
  const arriving = {
    folder: places.checkpoint,
    shards: shards.map(({ path, sizeBytes }) => ({ name: path, bytes: sizeBytes, headerFile: fileOf(path) })),
  };
  const { tensors } = await host.request('layOut', arriving, { signal });
  const { precision, device } = order;
  const { fingerprint } = marker;
  const form = { preparedFolder: places.prepared, precision, device, fingerprint, keepsShards: true };
  const onEvent = ({ doneBytes, totalBytes }: { doneBytes: number; totalBytes: number }): void => {
    report.total(totalBytes);
    report.done(totalBytes); // it is all on the disk
    report.prepared(doneBytes);
  };
  const prepared = host.request('prepareArriving', { ...arriving, ...form }, { onEvent, signal });
  const told = async (): Promise<void> => {
    const needed = tensors.filter(({ isNeeded }) => isNeeded);
    const arrived = needed.map(({ name, shard, offset }) => ({ name, file: fileOf(shard), offset }));
    await host.request('arrive', { tensors: arrived });
    await host.request('conclude', {});
  };
  await Promise.all([prepared, told()]);
}
