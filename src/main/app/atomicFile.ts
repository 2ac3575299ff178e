import { open, rename } from 'node:fs/promises';

/** Replaces a file as a whole: a crash leaves the old text or the new, never a half of either. */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const unfinished = `${file}.new`;
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
