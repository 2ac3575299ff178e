import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { FaultRule } from './fault';
import { Hub } from './hub';
import { PublishedRepository } from './publishedRepository';

/** A line of JSON on stdin, answered by a line of JSON on stdout. */
const Order = z.discriminatedUnion('do', [
  z.object({ do: z.literal('fault'), rules: z.array(FaultRule) }),
  z.object({ do: z.literal('heal') }),
  z.object({ do: z.literal('served') }),
  /** The network is gone, or back at the same address. */
  z.object({ do: z.literal('close') }),
  z.object({ do: z.literal('open') }),
]);

/** `tsx testing/hub/hubProcess.ts owner/name=folder …`: the hub as a process of its own. Its first line is `{"url": …}`. */
async function serve(repositories: readonly string[]): Promise<void> {
  const hub = new Hub(Object.fromEntries(repositories.map(readRepository)));
  await hub.listen();
  const { url } = hub;
  say({ url });
  for await (const line of createInterface(process.stdin)) say(await obey(hub, Order.parse(JSON.parse(line)), url));
  await hub.close();
}

async function obey(hub: Hub, order: z.infer<typeof Order>, url: string): Promise<unknown> {
  switch (order.do) {
    case 'fault':
      hub.faults.add(...order.rules);
      return {};
    case 'heal':
      hub.faults.clear();
      return {};
    case 'served':
      return hub.served;
    case 'close':
      await hub.close();
      return {};
    case 'open':
      await hub.listen(Number(new URL(url).port));
      return {};
    default:
      return order satisfies never;
  }
}

function readRepository(argument: string): [string, PublishedRepository] {
  const at = argument.indexOf('=');
  const folder = argument.slice(at + 1);
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));
  const files = names.map((name) => [name, readFileSync(path.join(folder, name))] as const);
  return [argument.slice(0, at), new PublishedRepository(Object.fromEntries(files))];
}

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

await serve(process.argv.slice(2));
