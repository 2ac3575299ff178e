import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Hub } from '../../../testing/hub/hub';
import { startHub } from '../../../testing/hub/startHub';
import { BandwidthLimit } from './bandwidthLimit';
import type { Clock } from './clock';
import { downloadFiles } from './downloadFiles';
import type { DownloadOptions } from './downloadOptions';
import { inOneFile, type WantedFile } from './downloadPlan';
import type { HubFile } from './hubListing';
import { repositoryAt, type HubRepository } from './hubRepository';
import { listRepository } from './listRepository';

export const name = 'Qwen/Tiny';

/** Real time, but so much faster: thirty seconds without a byte are one, so that a stall is a stall on a busy machine too. */
export const fastClock = (factor = 30): Clock => ({
  nowMs: () => performance.now() * factor,
  wait: (ms, signal) => setTimeout(ms / factor, undefined, signal && { signal }),
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-download-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Two shards and two small files. */
export const content = () => ({
  'config.json': Buffer.from('{"model_type":"qwen"}'),
  'qwen.tiktoken': randomBytes(10_000),
  'model-1.safetensors': randomBytes(300_000),
  'model-2.safetensors': randomBytes(200_123),
});

/** A hub for the time of the test, and what a download from it takes. */
export async function hubWith(files: Readonly<Record<string, Buffer>>) {
  const { hub, repository } = await startHub(name, files);
  onTestFinished(() => hub.close());
  return { hub, repository, at: repositoryOf(hub) };
}

export const repositoryOf = (hub: Hub): HubRepository => repositoryAt('custom', name, hub.url)!;
/** The same hub by ModelScope's protocol. */
export const modelScopeOf = (hub: Hub): HubRepository => ({
  ...repositoryAt('modelscope', name, null)!,
  baseUrl: hub.url,
});

export async function list(at: HubRepository): Promise<readonly HubFile[]> {
  const network = { fetch, clock: fastClock() };
  return (await listRepository(at, network, new AbortController().signal)).files;
}

export const whole = (files: readonly HubFile[], folder: string): WantedFile[] =>
  files.map((file) => inOneFile(file, path.join(folder, 'checkpoint', file.path)));

/** Small chunks, four requests at a time. */
export const optionsFor = (
  folder: string,
  wanted: Pick<DownloadOptions, 'files' | 'sources'> & Partial<DownloadOptions>,
): DownloadOptions => {
  const clock = wanted.clock ?? fastClock();
  return {
    fetch,
    clock,
    limit: new BandwidthLimit(clock),
    journalPath: path.join(folder, 'download.json'),
    signal: new AbortController().signal,
    chunkBytes: 65_536,
    ...wanted,
  };
};

/** Lists, then downloads everything as whole files. */
export async function downloadAll(
  folder: string,
  at: readonly HubRepository[],
  more: Partial<DownloadOptions> = {},
): ReturnType<typeof downloadFiles> {
  const files = whole(await list(at[0]!), folder);
  return downloadFiles(optionsFor(folder, { files, sources: at, ...more }));
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The hashes of what lies on the disk, computed by Node. */
export async function hashesIn(folder: string, paths: readonly string[]): Promise<Record<string, string>> {
  const read = paths.map(async (one) => [one, sha256(await readFile(path.join(folder, 'checkpoint', one)))] as const);
  return Object.fromEntries(await Promise.all(read));
}

export const hashesOf = (files: Readonly<Record<string, Buffer>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, sha256(bytes)]));

/** How often each byte of a file was sent. */
export function timesSent({ served }: Hub, file: string, sizeBytes: number): Uint8Array {
  const times = new Uint8Array(sizeBytes);
  for (const { path, start, sentBytes } of served)
    if (path === file) for (let at = start; at < Math.min(start + sentBytes, sizeBytes); at++) times[at]!++;
  return times;
}
