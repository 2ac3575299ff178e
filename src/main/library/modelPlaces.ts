import { join } from 'node:path';
import type { ModelId } from '../../shared/library';

/** Where what belongs to one model lies. */
export type ModelPlaces = ReturnType<typeof modelPlaces>;

export function modelPlaces(modelsFolder: string, id: ModelId) {
  const root = join(modelsFolder, id);
  const checkpoint = join(root, 'checkpoint');
  return {
    root,
    /** Says that the model is there: written last. */
    marker: join(root, 'model.json'),
    /** What an installation is for, while it is not finished. */
    order: join(root, 'install.json'),
    /** What of it has arrived; the downloader's own. */
    journal: join(root, 'download.json'),
    /** What is still to be deleted, while it is not. */
    removal: join(root, 'remove.json'),
    checkpoint,
    /** A folder for each shard whose tensors are let go as soon as they are prepared. */
    parts: join(checkpoint, '.parts'),
    prepared: join(root, 'prepared'),
  };
}
