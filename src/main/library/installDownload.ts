import { open } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/appError';
import { diskNeed } from '../../shared/diskNeed';
import { preparedFormName } from '../../shared/preparedForm';
import type { WorkerInput } from '../../shared/workerProtocol';
import { onDisk } from '../download/diskErrors';
import { downloadFiles } from '../download/downloadFiles';
import type { DownloadOptions } from '../download/downloadOptions';
import { type FileRecord, inOneFile, type WantedFile } from '../download/downloadPlan';
import type { HubFile } from '../download/hubListing';
import { Arrivals } from './arrivals';
import type { CatalogModel } from './catalog';
import { contentFingerprint, isShard } from './checkpointFiles';
import { connect, repositoriesOf, type SourceSettings } from './connect';
import type { InstallWork } from './installWork';
import { ownFiles, takenBytes } from './ownFiles';
import { removeFiles } from './removeFiles';
import type { DownloadOrder, ModelMarker } from './records';
import {
  headerFileIn,
  headerParts,
  lengthPart,
  type PartPlace,
  requireHeaders,
  type ShardPart,
  shardParts,
} from './shardParts';

type Pinned = NonNullable<DownloadOrder['pinned']>;
type Download = InstallWork & {
  readonly model: CatalogModel;
  readonly order: DownloadOrder;
  /** Of the model that is there already: another form of it bears the same name. */
  readonly marker: ModelMarker | null;
};
type PinnedDownload = Download & { readonly pinned: Pinned };

/** Nobody publishes a header as long as that. */
const maxHeaderBytes = 100 << 20;

/** Fetches a model and prepares it meanwhile; what earlier runs did is not done again. */
export const installDownload = (download: Download): Promise<ModelMarker> =>
  onDisk(download.places.root, install(download));

async function install(download: Download): Promise<ModelMarker> {
  const { report, order, services, model, signal } = download;
  report.stage('connecting');
  const pinned = order.pinned ?? (await connect(model, services.sources(), { network: services.network, signal }));
  requireHeaders(pinned.files); // before they are pinned: who lists them otherwise may be asked later
  if (order.pinned === null) await report.order({ ...order, pinned });
  report.total(pinned.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  report.stage('downloading');
  const { records, fingerprint } = await fetchAndPrepare({ ...download, pinned });
  return {
    ...{ version: 1, name: model.name, origin: 'download', folder: null },
    ...{ source: pinned.source, revision: pinned.revision, licence: order.licence, shape: model.shape },
    ...{ fingerprint, hasOriginals: order.keepsOriginals, damaged: [] },
    files: records.map((record) => ({ ...record, chunks: [...record.chunks] })),
  };
}

type LaidOut = {
  readonly arriving: WorkerInput<'layOut'>;
  readonly small: readonly WantedFile[];
  readonly records: readonly FileRecord[];
  readonly parts: ReadonlyMap<HubFile, readonly ShardPart[]>;
};

/** Small files and the headers of the shards say where every tensor lies; only then come the gigabytes. */
async function fetchAndPrepare(
  download: PinnedDownload,
): Promise<{ records: readonly FileRecord[]; fingerprint: string }> {
  const { order, host, report, signal } = download;
  const { arriving, small, records: early, parts } = await layOutOrAgain(download);
  const files = [...small, ...[...parts].map(([shard, shardsParts]) => ({ ...shard, parts: shardsParts }))];
  const fingerprint = sameWeights(download)?.fingerprint ?? contentFingerprint(knownHashes(download, early));
  const stop = new AbortController();
  const arrivals = new Arrivals({
    ...{ host, releases: !order.keepsOriginals, onPrepared: (bytes) => report.prepared(bytes) },
    request: { ...arriving, ...formOf(download), keepsShards: order.keepsOriginals, fingerprint },
    parts: [...parts.values()].flat(),
    onFailure: (error) => stop.abort(error),
    signal,
  });
  const records = await fetchFiles({ ...download, signal: AbortSignal.any([signal, stop.signal]) }, files, {
    consumer: arrivals,
    neededBytes: await roomFor(download),
  });
  report.stage('preparing');
  await arrivals.conclude();
  return { records, fingerprint };
}

/** Headers have no hash of their own: if they make no sense, they are fetched once more, from another source if there is one. */
async function layOutOrAgain(download: PinnedDownload): Promise<LaidOut> {
  try {
    return await layOut(download);
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('checkpoint.'))) throw error;
    const { places, services } = download;
    const fetched = (await ownFiles(places)).map(({ path }) => path);
    await removeFiles(places.root, [
      ...fetched.filter((path) => path.startsWith('checkpoint')),
      basename(places.journal),
    ]);
    const sources = (): SourceSettings => {
      const { order, customUrl } = services.sources();
      return { order: [...order.slice(1), ...order.slice(0, 1)], customUrl };
    };
    return layOut({ ...download, services: { ...services, sources } });
  }
}

async function layOut(download: PinnedDownload): Promise<LaidOut> {
  const { pinned, places, host, signal } = download;
  const small = pinned.files
    .filter(({ path }) => !isShard(path))
    .map((file) => inOneFile(file, join(places.checkpoint, file.path)));
  const shards = pinned.files
    .filter(({ path }) => isShard(path))
    .map((file) => ({ file, place: partPlace(download, file) }));
  const lengths = shards.map(({ file, place }) => ({ ...file, parts: [lengthPart(place)] }));
  await fetchFiles(download, [...small, ...lengths]);
  const headers = new Map<HubFile, number>();
  for (const { file, place } of shards) headers.set(file, await readHeaderLength(file, headerFileIn(place)));
  const begun = shards.map(({ file, place }) => ({ ...file, parts: headerParts(place, headers.get(file)!) }));
  const records = await fetchFiles(download, [...small, ...begun]);
  const arriving = {
    folder: places.checkpoint,
    shards: shards.map(({ file, place }) => ({
      ...{ name: file.path, bytes: file.sizeBytes, headerFile: headerFileIn(place) },
    })),
  };
  const { tensors } = await host.request('layOut', arriving, { signal });
  const parts = shards.map(({ file, place }) => {
    const inShard = tensors.filter(({ shard }) => shard === file.path);
    return [file, shardParts(place, headers.get(file)!, inShard)] as const;
  });
  return { arriving, small, records, parts: new Map(parts) };
}

type Fetch = Pick<DownloadOptions, 'consumer' | 'neededBytes'>;

function fetchFiles(
  download: PinnedDownload,
  files: readonly WantedFile[],
  more: Fetch = {},
): Promise<readonly FileRecord[]> {
  const { services, model, pinned, places, report, signal } = download;
  return downloadFiles({
    ...services.network,
    ...{ files, sources: repositoriesOf(model, services.sources(), pinned), journalPath: places.journal },
    ...{ limit: services.limit, onProgress: (progress) => report.download(progress), signal },
    ...more,
  });
}

const partPlace = (download: Download, shard: HubFile): PartPlace =>
  download.order.keepsOriginals
    ? { shardFile: join(download.places.checkpoint, shard.path) }
    : { partsFolder: join(download.places.parts, shard.path) };

const formOf = ({ places, order: { precision, device } }: Download) => ({
  preparedFolder: places.prepared,
  precision,
  device,
});

async function readHeaderLength(shard: HubFile, headerFile: string): Promise<number> {
  const handle = await open(headerFile, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const bytes = buffer.readBigUInt64LE();
    if (bytes >= 2n && bytes <= BigInt(Math.min(maxHeaderBytes, shard.sizeBytes - 8))) return Number(bytes);
  } finally {
    await handle.close();
  }
  throw new AppError('checkpoint.invalidShard', { file: shard.path, reason: 'its header is not as long as it says' });
}

/** The model that is there, if these are its files. It may be named after what its source said of them then. */
function sameWeights({ marker, pinned }: PinnedDownload): ModelMarker | null {
  const hashes = new Map(marker?.files.map(({ path, sha256 }) => [path, sha256]));
  return pinned.files.every(({ path, sha256 }) => sha256 !== null && sha256 === hashes.get(path)) ? marker : null;
}

/** Before the shards are there, what the source says of them stands for their bytes: they are held to it in the end. */
function knownHashes({ pinned }: PinnedDownload, records: readonly FileRecord[]): { path: string; sha256: string }[] {
  const computed = new Map(records.map(({ path, sha256 }) => [path, sha256]));
  return pinned.files.map(({ path, sha256, gitId, sizeBytes }) => ({
    ...{ path, sha256: computed.get(path) ?? sha256 ?? gitId ?? `${pinned.revision} ${sizeBytes}` },
  }));
}

/**
 * What the disk must have free when the originals still take so much: for them, or for as much of them as is held at a time, and
 * for what is not prepared yet.
 */
async function roomFor({
  host,
  model,
  order,
  pinned,
  places,
  signal,
}: PinnedDownload): Promise<(toCome: number) => number> {
  const { shape } = model;
  const { precision, device, keepsOriginals } = order;
  const nothing = { released: { ramBytes: 0, vramBytes: 0 }, proof: null, measurements: [] };
  const verdicts = await host.request('verdicts', { shape, ...nothing }, { signal });
  const verdict = verdicts.find((each) => each.precision === precision && each.device === device)!;
  const downloadBytes = pinned.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const { prepared, waiting } = diskNeed({ verdict, downloadBytes, keepsOriginals });
  const own = await ownFiles(places);
  const leftOf = (bytes: number, folder: string): number => {
    const within = `${relative(places.root, folder)}${sep}`;
    return Math.max(0, bytes - takenBytes(own.filter(({ path }) => path.startsWith(within))));
  };
  const toPrepare = leftOf(prepared, join(places.prepared, preparedFormName(precision, device)));
  const toHold = keepsOriginals ? Infinity : leftOf(waiting, places.parts);
  return (toCome) => toPrepare + Math.min(toCome, toHold);
}
