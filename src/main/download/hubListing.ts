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
  files: z.array(HubFile).min(1).max(maxFiles),
});
export type HubListing = Readonly<z.infer<typeof HubListing>>;

/** Whether both sources mean the same bytes. Where no hash says so, they do not. */
export function isSameFile(one: HubFile, other: HubFile): boolean {
  if (one.sizeBytes !== other.sizeBytes) return false;
  if (one.sha256 !== null && other.sha256 !== null) return one.sha256 === other.sha256;
  return one.gitId !== null && one.gitId === other.gitId;
}

function isPlainName(name: string): boolean {
  return name !== '' && !/^\.{1,2}$|[\\:*?"<>|\x00-\x1f]|[. ]$/.test(name);
}
