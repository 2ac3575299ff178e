import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PreparedForm } from '../../shared/library';
import { Device, Precision } from '../../shared/precision';
import { preparedFormName } from '../../shared/preparedForm';
import { readJsonFile } from '../app/jsonFile';
import { hashFile } from './copyVerified';
import { namesIn } from './ownFiles';

/** Of the engine's manifest, what is needed to count and to check the files. */
const Manifest = z.object({ files: z.record(z.string(), z.object({ byteLength: z.number(), sha256: z.string() })) });

const allForms = Precision.options.flatMap((precision) => Device.options.map((device) => ({ precision, device })));

/** The whole forms in a folder of prepared weights. A folder's name may begin with the name of the weights. */
export async function preparedForms(prepared: string): Promise<(PreparedForm & { folder: string })[]> {
  const names = await namesIn(prepared);
  const found = await Promise.all(
    allForms.map(async ({ precision, device }) => {
      const form = preparedFormName(precision, device);
      const name = names.find((candidate) => candidate === form || candidate.endsWith(`-${form}`));
      if (name === undefined) return null;
      const folder = join(prepared, name);
      const manifest = await readJsonFile(join(folder, 'manifest.json'), Manifest);
      if (manifest === null) return null;
      const bytes = Object.values(manifest.files).reduce((sum, { byteLength }) => sum + byteLength, 0);
      return { precision, device, bytes, folder };
    }),
  );
  return found.filter((form) => form !== null);
}

/** Whether the files of a form are still what was written. */
export async function isFormWhole(folder: string, signal: AbortSignal): Promise<boolean> {
  const manifest = await readJsonFile(join(folder, 'manifest.json'), Manifest);
  if (manifest === null) return false;
  for (const [file, { byteLength, sha256 }] of Object.entries(manifest.files)) {
    const found = await hashFile(join(folder, file), { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof Error && 'syscall' in error) return null; // gone, or the disk cannot read it
      throw error;
    });
    if (found?.sizeBytes !== byteLength || found.sha256 !== sha256) return false;
  }
  return true;
}

/** A form without its manifest is not there: the engine makes it anew. */
export const discardForm = (folder: string): Promise<void> => rm(join(folder, 'manifest.json'), { force: true });
