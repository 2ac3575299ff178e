import { Hub } from './hub';
import { PublishedRepository } from './publishedRepository';

/** A hub that publishes these files under one name, on a port of its own. */
export async function startHub(name: string, files: Readonly<Record<string, Uint8Array>>) {
  const repository = new PublishedRepository(files);
  const hub = new Hub({ [name]: repository });
  await hub.listen();
  return { hub, repository };
}
