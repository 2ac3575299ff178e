import type { StoredTensor } from '../checkpoint/safetensors';
import type { FileWriter } from './fileWriter';
import type { FloatEncoder } from './floatEncoder';
import { columnsOf, readRows, rowsAtOnce, rowsOf, type Rows } from './readRows';
import { transposeInto } from './transpose';

const bytesPerHalf = 2;
/** Rows are gathered before they are written as columns: the more of them, the fewer writes. */
const groupBytes = 64 << 20;

/** Writes a weight [out, in] as float16 [in, out]. */
export class TransposedWriter {
  readonly #rows: number;
  readonly #columns: number;
  readonly #groupRows: number;
  readonly #group: Uint16Array;

  constructor(
    private readonly tensor: StoredTensor,
    private readonly encoder: FloatEncoder,
    private readonly writer: FileWriter,
  ) {
    this.#rows = rowsOf(tensor);
    this.#columns = columnsOf(tensor);
    const chunks = Math.floor(groupBytes / (rowsAtOnce(tensor) * this.#columns * bytesPerHalf));
    this.#groupRows = Math.min(Math.max(chunks, 1) * rowsAtOnce(tensor), this.#rows);
    this.#group = new Uint16Array(this.#groupRows * this.#columns);
  }

  write(onBytes: (bytes: number) => void): void {
    readRows(this.tensor, (rows) => {
      this.#gather(rows);
      onBytes(rows.bytes.byteLength);
    });
  }

  /** The rows of a chunk are all of one group. */
  #gather({ bytes, first, count }: Rows): void {
    const at = first % this.#groupRows;
    const groupFirst = first - at;
    const stride = Math.min(this.#groupRows, this.#rows - groupFirst);
    const halves = this.encoder.encodeHalves(bytes, this.tensor.dtype);
    transposeInto(this.#group, halves, { columns: this.#columns, rows: count, stride, at });
    if (at + count === stride) this.#writeGroup(groupFirst, stride);
  }

  #writeGroup(first: number, stride: number): void {
    const bytes = new Uint8Array(this.#group.buffer, 0, stride * this.#columns * bytesPerHalf);
    if (stride === this.#rows) return this.writer.append(bytes);
    const pieceBytes = stride * bytesPerHalf;
    for (let column = 0; column < this.#columns; column++) {
      const piece = bytes.subarray(column * pieceBytes, (column + 1) * pieceBytes);
      this.writer.writeAt(piece, (column * this.#rows + first) * bytesPerHalf);
    }
  }
}
