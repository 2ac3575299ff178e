import { askHub, discard } from './askHub';
import type { Network } from './downloadOptions';
import { hostOf, urlOf, type HubRepository } from './hubRepository';

/**
 * Asks for the first byte of `path`, as the download will: some networks and mirrors answer a HEAD otherwise than a GET.
 * Gives the milliseconds it took; throws why the source cannot be used now.
 */
export async function probeRepository(
  repository: HubRepository,
  path: string,
  { network, signal }: { network: Network; signal: AbortSignal },
): Promise<number> {
  const { clock } = network;
  const startMs = clock.nowMs();
  const question = { url: urlOf(repository, path), host: hostOf(repository), headers: { range: 'bytes=0-0' } };
  await discard(await askHub(question, network, signal));
  return Math.round(clock.nowMs() - startMs);
}
