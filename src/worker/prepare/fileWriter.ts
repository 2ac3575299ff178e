import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const hashChunkBytes = 8 << 20;

/** Writes one file from its first byte to its last, or in any order; never more at once than it is given. */
export class FileWriter {
  readonly #descriptor: number;
  #hash = createHash('sha256');
  #end = 0;
  #isInOrder = true;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w+');
  }

  append(bytes: Uint8Array): void {
    this.#write(bytes, this.#end);
    this.#hash.update(bytes);
    this.#end += bytes.byteLength;
  }

  /** Fills up with zeros to `offset`. */
  padTo(offset: number): void {
    if (offset > this.#end) this.append(new Uint8Array(offset - this.#end));
  }

  writeAt(bytes: Uint8Array, offset: number): void {
    this.#isInOrder = false;
    this.#write(bytes, offset);
    this.#end = Math.max(this.#end, offset + bytes.byteLength);
  }

  /** The file's sha256; read again where it was not written in order. */
  digest(): string {
    if (!this.#isInOrder) this.#hashAgain();
    return this.#hash.digest('hex');
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(bytes: Uint8Array, offset: number): void {
    for (let written = 0; written < bytes.byteLength;)
      written += writeSync(this.#descriptor, bytes, written, bytes.byteLength - written, offset + written);
  }

  #hashAgain(): void {
    this.#hash = createHash('sha256');
    const chunk = new Uint8Array(Math.min(hashChunkBytes, this.#end));
    for (let position = 0; position < this.#end;) {
      const length = readSync(this.#descriptor, chunk, 0, chunk.byteLength, position);
      if (length === 0) throw new Error(`a file of ${this.#end} bytes ended at ${position} while it was read again`);
      this.#hash.update(chunk.subarray(0, length));
      position += length;
    }
  }
}
