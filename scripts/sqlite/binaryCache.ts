import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Copies the cached binary to `target`. Answers false when there is none, or when it is not the one that was stored. */
export function restoreBinary(folder: string, target: string): boolean {
  const { binary, checksum } = filesIn(folder);
  if (!existsSync(binary) || !existsSync(checksum)) return false;
  if (sha256(binary) !== readFileSync(checksum, 'utf8').trim()) return false;
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(binary, target);
  return true;
}

/** Keeps a copy of `source` with its sha256 beside it. */
export function storeBinary(source: string, folder: string): void {
  const { binary, checksum } = filesIn(folder);
  mkdirSync(folder, { recursive: true });
  const temporary = `${binary}.${process.pid}`;
  copyFileSync(source, temporary);
  writeFileSync(`${temporary}.sha256`, sha256(temporary));
  renameSync(temporary, binary); // each file appears whole; should only one of the two arrive, the sums differ
  renameSync(`${temporary}.sha256`, checksum);
}

const filesIn = (folder: string) => ({
  binary: path.join(folder, 'node_sqlite3.node'),
  checksum: path.join(folder, 'node_sqlite3.node.sha256'),
});

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
