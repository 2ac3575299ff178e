/** Elements of a square that is moved at once: both its sides stay in the processor's first cache. */
const side = 32;

export type Place = {
  /** Columns of the source. */
  readonly columns: number;
  /** Rows of the source. */
  readonly rows: number;
  /** Elements from one row of the target to the next. */
  readonly stride: number;
  /** Column of the target that takes the first row of the source. */
  readonly at: number;
};

/** Writes `source` [rows, columns] into `target` [columns, stride], from the column `at` on. */
export function transposeInto(target: Uint16Array, source: Uint16Array, { columns, rows, stride, at }: Place): void {
  for (let top = 0; top < rows; top += side) {
    const bottom = Math.min(top + side, rows);
    for (let left = 0; left < columns; left += side) {
      const right = Math.min(left + side, columns);
      for (let column = left; column < right; column++) {
        let to = column * stride + at + top;
        for (let from = top * columns + column; to < column * stride + at + bottom; from += columns)
          target[to++] = source[from]!;
      }
    }
  }
}
