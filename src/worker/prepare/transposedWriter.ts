import type { StoredTensor } from '../checkpoint/safetensors';
import { columnGroup, type ColumnGroup } from './columnGroup';
import type { FileWriter } from './fileWriter';
import type { FloatEncoder } from './floatEncoder';
import { columnsOf, readRows, rowsAtOnce, rowsOf, type Rows } from './readRows';

const bytesPerHalf = 2;
/** Rows are gathered before they are written as columns. Any weight of a layer of Qwen-7B fits: its file is written in order
 *  and hashed while it grows. Of the lm_head, which does not, it takes several groups and many short writes. */
const groupBytes = 96 << 20;

/** Writes a weight [out, in] as float16 [in, out]. */
export class TransposedWriter {
  readonly #rows: number;
  readonly #columns: number;
  readonly #groupRows: number;
  readonly #group: ColumnGroup;

  constructor(
    private readonly tensor: StoredTensor,
    encoder: FloatEncoder,
    private readonly writer: FileWriter,
  ) {
    this.#rows = rowsOf(tensor);
    this.#columns = columnsOf(tensor);
    const chunks = Math.floor(groupBytes / (rowsAtOnce(tensor) * this.#columns * bytesPerHalf));
    this.#groupRows = Math.min(Math.max(chunks, 1) * rowsAtOnce(tensor), this.#rows);
    this.#group = columnGroup(tensor, this.#groupRows, encoder);
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
    this.#group.add(bytes, { columns: this.#columns, stride, at });
    if (at + count === stride) this.#writeGroup(groupFirst, stride);
  }

  #writeGroup(first: number, stride: number): void {
    const halves = this.#group.target(stride * this.#columns);
    const bytes = new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
    if (stride === this.#rows) return this.writer.append(bytes);
    const pieceBytes = stride * bytesPerHalf;
    for (let column = 0; column < this.#columns; column++) {
      const piece = bytes.subarray(column * pieceBytes, (column + 1) * pieceBytes);
      this.writer.writeAt(piece, (column * this.#rows + first) * bytesPerHalf);
    }
  }
}
