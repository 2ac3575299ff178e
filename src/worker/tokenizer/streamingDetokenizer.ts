/** Turns token ids into text as they arrive, holding bytes back until a character is whole. */
export class StreamingDetokenizer {
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(private readonly tokenBytes: (id: number) => Uint8Array) {}

  /** The characters that `tokenId` completes; often one, sometimes none. */
  push(tokenId: number): string {
    return this.#utf8.decode(this.tokenBytes(tokenId), { stream: true });
  }

  /** Ends the text; bytes of an unfinished character become U+FFFD. */
  end(): string {
    return this.#utf8.decode();
  }
}
