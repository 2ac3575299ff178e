/** Writes protobuf's wire format: the few field kinds that ONNX files need. protobuf.dev, "Encoding". */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  /** int32, int64 or enum. */
  integer(field: number, value: number | bigint): this {
    this.#parts.push(varint(BigInt(field << 3)), varint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#parts.push(varint(BigInt((field << 3) | 5)), bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#parts.push(varint(BigInt((field << 3) | 2)), varint(BigInt(value.byteLength)), value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A nested message; `write` fills it. */
  message(field: number, write: (message: ProtobufWriter) => unknown): this {
    const message = new ProtobufWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest <= 0x7fn) return Uint8Array.from([...bytes, low]);
    bytes.push(low | 0x80);
  }
}
