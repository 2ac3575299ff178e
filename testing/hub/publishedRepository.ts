import { createHash } from 'node:crypto';

/** What the tree tells of a file in place of the truth. */
export type Lie = { readonly path?: string; readonly sizeBytes?: number; readonly sha256?: string | null };

export type PublishedFile = { readonly bytes: Buffer; readonly sha256: string; readonly gitId: string };

/** As on a real hub: weights are in large file storage, small text files in Git itself. */
export const isLarge = (path: string): boolean => /\.(safetensors|bin|tiktoken)$/.test(path);

/** A repository as the test wants it: commits that hold files, and lies about them. */
export class PublishedRepository {
  readonly commits: { readonly id: string; readonly files: Map<string, PublishedFile> }[] = [];
  /** Entries of the tree on a page, on huggingface.co a thousand. */
  treePage = 1_000;
  readonly lies = new Map<string, Lie>();

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.commit(files);
  }

  /** Adds a commit in which these files are new or others. Earlier commits stay as they are. */
  commit(files: Readonly<Record<string, Uint8Array>>): void {
    const all = new Map(this.commits.at(-1)?.files);
    for (const [path, bytes] of Object.entries(files)) all.set(path, published(bytes));
    const hashes = [...all].map(([path, { gitId }]) => `${path} ${gitId}`).join('\n');
    this.commits.push({ id: createHash('sha1').update(hashes).digest('hex'), files: all });
  }

  /** Changes a file within the newest commit, which no hub should do. */
  tamper(path: string, bytes: Uint8Array): void {
    this.commits.at(-1)!.files.set(path, published(bytes));
  }

  /** A branch is the newest commit. */
  at(revision: string): PublishedRepository['commits'][number] | undefined {
    const isBranch = revision === 'main' || revision === 'master';
    return isBranch ? this.commits.at(-1) : this.commits.find(({ id }) => id === revision);
  }
}

function published(bytes: Uint8Array): PublishedFile {
  const gitId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return { bytes: Buffer.from(bytes), sha256: createHash('sha256').update(bytes).digest('hex'), gitId };
}
