import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/appError';
import { Bell } from './bell';
import { onDisk, requireFreeBytes } from './diskErrors';
import { bytesToCome, reserveFiles } from './diskNeeds';
import type { DownloadContext } from './downloadContext';
import { lockDownload } from './downloadLock';
import { defaultChunkBytes, type DownloadFiles, type DownloadOptions } from './downloadOptions';
import { endOf, type FileRecord, type WantedFile } from './downloadPlan';
import { fetchRange } from './fetchRange';
import { followHash } from './followHash';
import { Hashing } from './hashing';
import { HeldParts } from './heldParts';
import { Journal } from './journal';
import { PartDisk } from './partDisk';
import { ProgressReport } from './progressReport';
import { RangePlanner } from './rangePlanner';
import { Sources } from './sources';
import { checkStoredChunks } from './storedChunks';

const defaultParallel = 4;
/** How often a file is fetched again after its hash was wrong. */
const maxRejections = 2;

/** See DownloadFiles. */
export const downloadFiles: DownloadFiles = async (options) => {
  const folder = path.dirname(options.journalPath);
  await onDisk(folder, mkdir(folder, { recursive: true }));
  const unlock = await lockDownload(`${options.journalPath}.lock`, folder);
  try {
    const journal = await Journal.open(options.journalPath, options.files);
    try {
      return await run(options, journal, new PartDisk(folder));
    } finally {
      await journal.close();
    }
  } finally {
    await unlock();
  }
};

async function run(options: DownloadOptions, journal: Journal, disk: PartDisk): Promise<FileRecord[]> {
  const scope = new AbortController();
  const bell = new Bell();
  const context: DownloadContext = { options, journal, disk, bell, signal: scope.signal };
  const end = (reason: unknown): void => {
    scope.abort(reason); // only the first counts
    bell.ring();
  };
  const pause = (): void => end(options.signal.reason);
  options.signal.addEventListener('abort', pause);
  if (options.signal.aborted) pause();
  try {
    await work(context, end);
  } finally {
    options.signal.removeEventListener('abort', pause);
  }
  return options.files.flatMap((file) => recordOf(file, journal));
}

async function work(context: DownloadContext, end: (reason: unknown) => void): Promise<void> {
  const { options, signal } = context;
  signal.throwIfAborted();
  for (const file of options.files) await checkStoredChunks(file, context);
  await makeRoom(context);
  const held = new HeldParts(context, end);
  for (const file of options.files) held.update(file);
  const planner = new RangePlanner(context, held, options.chunkBytes ?? defaultChunkBytes);
  const report = new ProgressReport(context);
  const network = { fetch: options.fetch, clock: options.clock, signal };
  const sources = new Sources(options.sources, network, (error) => (report.trouble = error));
  const hashing = new Hashing(bytesToHash(context));
  const tools = { held, planner, report, sources, hashing };
  const finished = new AbortController();
  const reporting = report.repeat(finished.signal).catch(end);
  const loops = Array.from({ length: options.parallel ?? defaultParallel }, () => fetchLoop(context, tools));
  const all = [...loops, hashLoop(context, tools)].map((loop) => loop.catch(end));
  await Promise.all(all);
  await held.idle();
  await hashing.end();
  finished.abort();
  await reporting;
  signal.throwIfAborted();
}

type Tools = { held: HeldParts; planner: RangePlanner; sources: Sources; report: ProgressReport; hashing: Hashing };

async function makeRoom(context: DownloadContext): Promise<void> {
  const { options, disk } = context;
  const toCome = await bytesToCome(context);
  await requireFreeBytes(disk.folder, options.neededBytes?.(toCome) ?? toCome);
  await reserveFiles(context);
}

const bytesToHash = ({ options, journal }: DownloadContext): number =>
  options.files.reduce((sum, file) => sum + endOf(file) - journal.stateOf(file).hashedBytes, 0);

async function fetchLoop(context: DownloadContext, tools: Tools): Promise<void> {
  const { held, planner } = tools;
  while (!isDone(context, held)) {
    context.signal.throwIfAborted();
    const range = planner.next();
    if (range === null) {
      await context.bell.next();
      continue;
    }
    try {
      await fetchRange(range, context, tools);
    } finally {
      planner.end(range);
      held.update(range.file);
      context.bell.ring();
    }
  }
}

async function hashLoop(context: DownloadContext, tools: Tools): Promise<void> {
  const { held, sources } = tools;
  for (const file of context.options.files) {
    for (let rejections = 0; !(await followHash(file, context, tools)); rejections++) {
      sources.suspect(file);
      await held.reject(file);
      if (rejections === maxRejections) throw new AppError('download.checksum', { file: file.path });
    }
    held.update(file);
    context.bell.ring();
  }
}

const isDone = (context: DownloadContext, held: HeldParts): boolean =>
  context.options.files.every((file) => {
    const state = context.journal.stateOf(file);
    const end = endOf(file);
    const isHashed = state.hashedBytes >= end && (end < file.sizeBytes || state.sha256 !== null);
    return isHashed && state.isPresent(0, end) && held.isSettled(file);
  });

function recordOf(file: WantedFile, journal: Journal): FileRecord[] {
  const { path: published, sizeBytes, gitId } = file;
  const { sha256, chunks } = journal.stateOf(file);
  if (sha256 === null) return [];
  const known = chunks.map((chunk) => ({ start: chunk.start, sizeBytes: chunk.sizeBytes, sha256: chunk.sha256 }));
  return [{ path: published, sizeBytes, sha256, gitId, chunks: known }];
}
