import { z } from 'zod';

/** Far above any checkpoint; a source that says more is not believed. */
const maxFileBytes = 2 ** 40;
const maxFiles = 10_000;

/** A relative path of plain names: nothing that could lead out of a folder, on any system. */
const HubPath = z
  .string()
  .max(1_000)
  .refine((path) => path.split('/').every(isPlainName), 'leads out of its folder');

export const HubFile = z.object({
  path: HubPath,
  sizeBytes: z.int().min(0).max(maxFileBytes),
  /** Of its bytes; null where the source tells none. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** Git's name for its bytes (SHA-1 over `blob <size>\0` and them): what Hugging Face tells of small files instead. */
  gitId: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable(),
});
export type HubFile = Readonly<z.infer<typeof HubFile>>;

/** What a source says about a repository. */
export const HubListing = z.object({
  /** The commit, which names these very files for good. */
  revision: z.string().regex(/^[\w.-]{1,100}$/),
  files: z.array(HubFile).min(1).max(maxFiles).refine(hasNoneTwice, 'lists a file twice'),
});
export type HubListing = Readonly<z.infer<typeof HubListing>>;

/** Whether its bytes can be told from others in the end. */
export const hasHash = ({ sha256, gitId }: HubFile): boolean => sha256 !== null || gitId !== null;

/**
 * Whether what a source lists can be the wanted file: nothing it says speaks against it. Sources differ in which hash they know
 * of a small file.
 */
export function canBe(listed: HubFile, wanted: HubFile): boolean {
  if (listed.path !== wanted.path || listed.sizeBytes !== wanted.sizeBytes) return false;
  if (listed.sha256 !== null && wanted.sha256 !== null) return listed.sha256 === wanted.sha256;
  if (listed.gitId !== null && wanted.gitId !== null) return listed.gitId === wanted.gitId;
  return true;
}

/** Two files under one path could not be told apart. */
function hasNoneTwice(files: readonly { readonly path: string }[]): boolean {
  return new Set(files.map(({ path }) => path)).size === files.length;
}

function isPlainName(name: string): boolean {
  return name !== '' && !/^\.{1,2}$|[\\:*?"<>|\x00-\x1f]|[. ]$/.test(name);
}
