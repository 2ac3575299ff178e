import { closeSync, openSync, readSync } from 'node:fs';
import { AppError } from '../../shared/appError';
import { toFloat32 } from '../checkpoint/dtype';
import type { StoredTensor } from '../checkpoint/safetensors';

/** Looks up rows of `transformer.wte.weight` in the checkpoint itself. A token needs one row of a few kilobytes, which the
 *  system's page cache serves; so the largest tensor of the model takes no memory at all, and loses no precision. */
export class EmbeddingTable {
  readonly #descriptor: number;
  readonly #rowBytes: number;

  constructor(private readonly tensor: StoredTensor) {
    this.#descriptor = openSync(tensor.file, 'r');
    this.#rowBytes = tensor.byteLength / tensor.shape[0]!;
  }

  /** The rows of `ids`, float32 [ids.length, hiddenSize]. Ids are within the vocabulary. */
  lookUp(ids: readonly number[]): Float32Array {
    const bytes = new Uint8Array(ids.length * this.#rowBytes);
    for (const [i, id] of ids.entries()) {
      const position = this.tensor.offset + id * this.#rowBytes;
      const read = readSync(this.#descriptor, bytes, i * this.#rowBytes, this.#rowBytes, position);
      if (read !== this.#rowBytes)
        throw new AppError('checkpoint.invalidShard', {
          file: this.tensor.shard,
          reason: 'it ends too early',
        });
    }
    return toFloat32(bytes, this.tensor.dtype);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
