import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { projectRoot } from '../scripts/project';
import type { Settings } from '../src/shared/settings';
import type { Hub } from '../testing/hub/hub';
import { startHub } from '../testing/hub/startHub';
import { expect, test as base } from './launchApp';

export const demoFolder = path.join(projectRoot, 'assets', 'demo-model');

/** The model of the catalog in whose place the hub serves the demo checkpoint. */
export const published = { id: 'qwen-1.8b-chat', name: 'Qwen-1.8B-Chat', repository: 'Qwen/Qwen-1_8B-Chat' } as const;

export const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

const filesOfDemo = (): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(demoFolder)
      .filter((name) => name !== 'README.md')
      .map((name) => [name, readFileSync(path.join(demoFolder, name))]),
  );

/** `hub` is a hub on this machine that publishes the demo checkpoint; nothing else is asked by what `sourceOf` says. */
export const test = base.extend<{ hub: Hub }>({
  hub: async ({}, use) => {
    const { hub } = await startHub(published.repository, filesOfDemo());
    await use(hub);
    await hub.close();
  },
});

/** The settings of someone who has an address of their own, and no other. */
export const sourceOf = ({ url }: Hub): Partial<Settings> => ({ sourceOrder: ['custom'], customSource: url });

/** From here on the second shard stops in the middle, where nothing but the journey changes anything any more. */
export const stopInTheMiddle = (hub: Hub): void =>
  hub.faults.add({ path: shards[1], fault: { kind: 'stall', afterBytes: middleBytes }, skip: 2 });

const middleBytes = 1_500_000;

/** Waits until the download is there, and the first shard is verified. */
export async function whenInTheMiddle(hub: Hub, row: Locator): Promise<void> {
  await expect
    .poll(() => hub.served.some(({ path: file, sentBytes }) => file === shards[1] && sentBytes === middleBytes))
    .toBe(true);
  await expect(row).toContainText(/[45]\.\d MB of 8\.1 MB/);
}

/** Takes the hub off the network and mends it; what this resolves to brings it back at the same address. */
export async function unplug(hub: Hub): Promise<() => Promise<void>> {
  const port = Number(new URL(hub.url).port);
  await hub.close();
  hub.faults.clear();
  return () => hub.listen(port);
}
