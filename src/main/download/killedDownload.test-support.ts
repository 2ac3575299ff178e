import { writeSync } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { BandwidthLimit } from './bandwidthLimit';
import { systemClock } from './clock';
import { downloadFiles } from './downloadFiles';
import type { PartConsumer } from './downloadOptions';
import { inOneFile, type Part, type WantedFile } from './downloadPlan';
import type { HubFile } from './hubListing';
import { repositoryAt } from './hubRepository';
import { listRepository } from './listRepository';

const bytesPerSecond = 3_000_000;
const partBytes = [1_000, 8, 150_000, 24, 70_000, 99_999];

/** A shard in parts of many sizes, each a file of its own. */
function inParts(file: HubFile, folder: string): WantedFile {
  const parts: Part[] = [];
  for (let start = 0; start < file.sizeBytes;) {
    const sizeBytes = Math.min(partBytes[parts.length % partBytes.length]!, file.sizeBytes - start);
    parts.push({ path: path.join(folder, `${file.path}.parts`, String(start)), offset: 0, start, sizeBytes });
    start += sizeBytes;
  }
  return { ...file, parts };
}

/** Keeps each part under its number in another folder, as preparing keeps it in another form; then its bytes may go. */
const preparingTo = (folder: string): PartConsumer => ({
  maxHeldBytes: 400_000,
  forget: () => Promise.reject(new Error('nothing here was ever wrong')),
  async consume(part, file) {
    const prepared = path.join(folder, `${file.path}.prepared-${part.start}`);
    if (await isThere(prepared)) return 'release';
    const handle = await open(`${prepared}.new`, 'w');
    await handle.writeFile(await readFile(part.path));
    await handle.sync();
    await handle.close();
    await rename(`${prepared}.new`, prepared);
    return 'release';
  },
});

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** A process of its own that downloads all that a hub has, until it is killed. It exits with 0 when it has everything. */
async function downloadUntilKilled(url: string, folder: string, mode: string): Promise<void> {
  const repository = repositoryAt('custom', 'Qwen/Tiny', url)!;
  const network = { fetch, clock: systemClock };
  const { signal } = new AbortController();
  const { files } = await listRepository(repository, network, signal);
  const isReleased = (file: HubFile): boolean => mode === 'release' && file.path.endsWith('.safetensors');
  const limit = new BandwidthLimit(systemClock);
  limit.set(bytesPerSecond);
  writeSync(1, 'begun\n');
  await downloadFiles({
    ...network,
    signal,
    limit,
    files: files.map((file) =>
      isReleased(file) ? inParts(file, folder) : inOneFile(file, path.join(folder, file.path)),
    ),
    sources: [repository],
    journalPath: path.join(folder, 'download.json'),
    ...(mode === 'release' && { consumer: keepingSmallFiles(preparingTo(folder)) }),
    chunkBytes: 20_000,
  });
}

const keepingSmallFiles = (consumer: PartConsumer): PartConsumer => ({
  ...consumer,
  consume: (part, file) => (file.parts.length === 1 ? Promise.resolve('keep') : consumer.consume(part, file)),
});

const [url, folder, mode] = process.argv.slice(2);
if (url !== undefined && folder !== undefined && mode !== undefined) await downloadUntilKilled(url, folder, mode);
