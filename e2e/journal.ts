import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hub } from '../testing/hub/hub';
import { parseLines } from '../src/main/download/journalLine';
import { published } from './publishedDemo';

type Stretch = { readonly file: string; readonly start: number; readonly end: number };

/** What an interrupted download wrote down as fetched and verified. */
export async function verifiedStretches(profile: string): Promise<Stretch[]> {
  const file = path.join(profile, 'models', published.id, 'download.json');
  return parseLines(await readFile(file, 'utf8')).flatMap((line) =>
    line.is === 'chunk' ? [{ file: line.file, start: line.start, end: line.start + line.sizeBytes }] : [],
  );
}

/** Of these, what a hub sent after all. */
export const sentOf = (stretches: readonly Stretch[], { served }: Hub): Stretch[] =>
  stretches.filter(({ file, start, end }) =>
    served.some((sent) => sent.path === file && sent.start < end && start < sent.start + sent.sentBytes),
  );

export const bytesOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { start, end }) => sum + end - start, 0);
