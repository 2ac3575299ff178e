import type { HubFile } from './hubListing';

/** A stretch of a published file, and where it lies on this disk: alone in a file of its own, or at its place in the whole. */
export type Part = {
  /** Of the file on this disk. Its folder is made when it is needed. */
  readonly path: string;
  /** Where in that file the part begins. */
  readonly offset: number;
  /** Where in the published file it begins. */
  readonly start: number;
  readonly sizeBytes: number;
};

/**
 * A published file as it shall be fetched. Its parts follow each other without a gap from byte 0 on. They may end before the
 * file does (the first bytes of a shard tell how the rest is to be split) and reach further in a later run; what was fetched
 * stays as long as it still lies in the same place.
 */
export type WantedFile = HubFile & { readonly parts: readonly Part[] };

/** A verified stretch of a published file. */
export type Chunk = { readonly start: number; readonly sizeBytes: number; readonly sha256: string };

/** What is known of a file that was fetched whole: goes into the model's marker, and is what a repair needs. */
export type FileRecord = HubFile & {
  /** Computed here, and equal to what the source lists where it lists one. */
  readonly sha256: string;
  readonly chunks: readonly Chunk[];
};

/** Where the parts of a file end: at its end, or before. */
export function endOf({ parts }: WantedFile): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.start + last.sizeBytes;
}

/** A file on this disk, and those parts of a published one that lie in it. */
export type Place = { readonly path: string; readonly parts: readonly Part[]; readonly sizeBytes: number };

/** Where a file's parts lie: in one file all together, or in several. */
export function placesOf({ parts }: WantedFile): Place[] {
  const places = new Map<string, Part[]>();
  for (const part of parts) places.set(part.path, [...(places.get(part.path) ?? []), part]);
  return [...places].map(([path, within]) => ({
    ...{ path, parts: within },
    sizeBytes: Math.max(...within.map(({ offset, sizeBytes }) => offset + sizeBytes)),
  }));
}

/** The whole file as one part at `path`. */
export const inOneFile = (file: HubFile, path: string): WantedFile => ({
  ...file,
  parts: [{ path, offset: 0, start: 0, sizeBytes: file.sizeBytes }],
});
