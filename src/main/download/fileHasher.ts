import { createSHA1, createSHA256, type IHasher } from 'hash-wasm';
import type { HubFile } from './hubListing';

/** The hash of a file from its beginning, which can be put aside and taken up again by another thread or process. */
export class FileHasher {
  private constructor(
    private readonly file: HubFile,
    private readonly sha256: IHasher,
    /** Git's name for the file, where that is all there is to compare with. */
    private readonly gitId: IHasher | null,
  ) {}

  /** From the beginning, or from where `state` was saved. */
  static async open(file: HubFile, state: string | null): Promise<FileHasher> {
    const needsGitId = file.sha256 === null && file.gitId !== null;
    const hasher = new FileHasher(file, await createSHA256(), needsGitId ? await createSHA1() : null);
    if (state === null) hasher.#begin();
    else hasher.#load(state);
    return hasher;
  }

  update(bytes: Uint8Array): void {
    for (const hasher of this.#hashers()) hasher.update(bytes);
  }

  save = (): string =>
    this.#hashers()
      .map((hasher) => Buffer.from(hasher.save()).toString('base64'))
      .join(' ');

  /** Ends it: the SHA-256, and whether the file is the one that was wanted, as far as its source tells. */
  digest(): { sha256: string; isRight: boolean } {
    const sha256 = this.sha256.digest('hex');
    if (this.file.sha256 !== null) return { sha256, isRight: sha256 === this.file.sha256 };
    return { sha256, isRight: this.gitId === null || this.gitId.digest('hex') === this.file.gitId };
  }

  #begin(): void {
    for (const hasher of this.#hashers()) hasher.init();
    this.gitId?.update(`blob ${this.file.sizeBytes}\0`);
  }

  #load(state: string): void {
    const states = state.split(' ');
    this.#hashers().forEach((hasher, index) => hasher.load(Buffer.from(states[index]!, 'base64')));
  }

  #hashers = (): IHasher[] => (this.gitId === null ? [this.sha256] : [this.sha256, this.gitId]);
}
