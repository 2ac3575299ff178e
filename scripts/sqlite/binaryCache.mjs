import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Copies the cached binary to `target`. Answers false when there is none, or when it is not the one that was stored.
 *
 * @param {string} folder
 * @param {string} target
 */
export function restoreBinary(folder, target) {
  const { binary, checksum } = filesIn(folder);
  if (!fs.existsSync(binary) || !fs.existsSync(checksum)) return false;
  if (sha256(binary) !== fs.readFileSync(checksum, 'utf8').trim()) return false;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(binary, target);
  return true;
}

/**
 * Keeps a copy of `source` with its sha256 beside it.
 *
 * @param {string} source
 * @param {string} folder
 */
export function storeBinary(source, folder) {
  const { binary, checksum } = filesIn(folder);
  fs.mkdirSync(folder, { recursive: true });
  const temporary = `${binary}.${process.pid}`;
  fs.copyFileSync(source, temporary);
  fs.writeFileSync(`${temporary}.sha256`, sha256(temporary));
  fs.renameSync(temporary, binary); // each file appears whole; should only one of the two arrive, the sums differ
  fs.renameSync(`${temporary}.sha256`, checksum);
}

/** @param {string} folder */
const filesIn = (folder) => ({
  binary: path.join(folder, 'node_sqlite3.node'),
  checksum: path.join(folder, 'node_sqlite3.node.sha256'),
});

/** @param {string} file */
const sha256 = (file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex');
