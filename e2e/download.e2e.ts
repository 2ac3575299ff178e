import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ask } from './deskPage';
import { takeEveryLook } from './everyLook';
import { bytesOf, sentOf, verifiedStretches } from './journal';
import { expect, type RunningApp } from './launchApp';
import { install, installation, modelRow, openSettings, useModel, whenInstalled } from './libraryPage';
import {
  demoFolder,
  published,
  shards,
  sourceOf,
  stopInTheMiddle,
  test,
  unplug,
  whenInTheMiddle,
} from './publishedDemo';

const way = { precision: 'int4', device: 'cpu' } as const;

test('a download without a network says so and goes on by itself, at its start and in the middle', async ({
  desk,
  hub,
}) => {
  const { window } = await desk.launch({ language: 'en', settings: sourceOf(hub) });
  const plugInFirst = await unplug(hub);
  const row = await install(window, published.id, way);
  await expect(installation(row)).toHaveAttribute('data-pause', 'offline');
  await takeEveryLook(window, 'offline-from-the-start');
  stopInTheMiddle(hub);
  await plugInFirst();

  await whenInTheMiddle(hub, row);
  const plugIn = await unplug(hub);
  await expect(installation(row)).toContainText('cannot be reached');
  await takeEveryLook(window, 'offline-in-the-middle');
  const verified = await verifiedStretches(desk.profile);
  hub.served.length = 0;
  await plugIn();
  await whenInstalled(row);
  expect(bytesOf(verified)).toBeGreaterThan(5_000_000);
  expect(sentOf(verified, hub)).toEqual([]);
  // Of whoever asks, the source learns the program alone.
  expect(hub.asked.length).toBeGreaterThan(0);
  for (const { 'user-agent': program, 'accept-language': language, cookie } of hub.asked) {
    expect(program).toMatch(/^Deskmate\/\d+\.\d+\.\d+$/);
    expect({ language, cookie }).toEqual({});
  }
});

const ends: Record<'quit' | 'killed', (app: RunningApp) => Promise<unknown>> = {
  quit: ({ quit }) => quit(),
  killed: async ({ electron }) => {
    const engine = await electron.evaluate(({ app }) =>
      app.getAppMetrics().flatMap(({ name, pid }) => (name?.startsWith('Deskmate ') === true ? [pid] : [])),
    );
    expect(engine).toHaveLength(2); // one infers, one prepares
    const exited = once(electron.process(), 'exit');
    electron.process().kill('SIGKILL');
    await exited;
    await expect.poll(() => engine.filter(lives)).toEqual([]); // what it locked would keep the next start waiting
  },
};

function lives(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

for (const [how, end] of Object.entries(ends))
  test(`an app that is ${how} in the middle of a download goes on with it at the next start`, async ({ desk, hub }) => {
    stopInTheMiddle(hub);
    const keepsOriginals = how === 'killed';
    const first = await desk.launch({ language: 'en', settings: { ...sourceOf(hub), keepsOriginals } });
    await whenInTheMiddle(hub, await install(first.window, published.id, way));
    await end(first);
    const plugIn = await unplug(hub);
    const verified = await verifiedStretches(desk.profile);
    hub.served.length = 0;
    await plugIn();

    const { window } = await desk.launch({ language: 'en' });
    const row = modelRow(await openSettings(window, 'Models'), published.id);
    await whenInstalled(row);
    expect(bytesOf(verified)).toBeGreaterThan(4_000_000);
    expect(sentOf(verified, hub)).toEqual([]);
    if (keepsOriginals) expect(await hashesIn(desk.profile)).toEqual(await hashesOf(demoFolder));
    await useModel(window, row);
    expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  });

test('a model that is ready while the user is elsewhere is told by the system, and a click brings the window there', async ({
  desk,
  hub,
}) => {
  const { window, electron } = await desk.launch({ language: 'en', settings: sourceOf(hub) });
  stopInTheMiddle(hub);
  const row = await install(window, published.id, way);
  await whenInTheMiddle(hub, row);
  const told = electron.evaluate(
    ({ BrowserWindow, Notification }) =>
      new Promise<string>((resolve) => {
        // Test machines have no desktop that shows it.
        Notification.isSupported = () => true;
        Notification.prototype.show = function (this: Electron.Notification) {
          this.emit('click');
          resolve(this.title);
        };
        BrowserWindow.getAllWindows()[0]!.hide();
      }),
  );
  const plugIn = await unplug(hub);
  await plugIn();
  expect(await told).toBe('Qwen-1.8B-Chat is ready.');
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())).toBe(true);
});

const hashesIn = (profile: string): Promise<string[]> =>
  hashesOf(path.join(profile, 'models', published.id, 'checkpoint'));

const hashesOf = (folder: string): Promise<string[]> =>
  Promise.all(
    shards.map(async (shard) =>
      createHash('sha256')
        .update(await readFile(path.join(folder, shard)))
        .digest('hex'),
    ),
  );

test('weights that arrive damaged are asked for a few times, then the problem is told, and Try again mends it', async ({
  desk,
  hub,
}) => {
  hub.faults.add({ path: shards[1], fault: { kind: 'corrupt' }, skip: 2 });
  const { window } = await desk.launch({ language: 'en', settings: sourceOf(hub) });
  const row = await install(window, published.id, way);
  await expect(installation(row)).toHaveAttribute('data-pause', 'failed');
  await expect(installation(row).getByRole('alert')).toContainText(shards[1]);
  await takeEveryLook(window, 'damaged');
  const times = hub.served.filter(({ path: file, end }) => file === shards[1] && end > 4_000_000).length;
  expect(times).toBeLessThanOrEqual(3);
  hub.faults.clear();
  hub.served.length = 0;
  await installation(row).getByRole('button', { name: 'Try again' }).click();
  await whenInstalled(row);
  expect(hub.served.filter(({ path: file }) => file === shards[0])).toEqual([]);
  await useModel(window, row);
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
});

test('answers that are not wanted keep no connection from those that are', async ({ desk, hub }) => {
  // Chromium opens six connections to one address; each of these has megabytes that nobody reads.
  const fault = { kind: 'wrongRange' } as const;
  for (const shard of shards) hub.faults.add({ path: shard, fault, skip: 2, times: 3 });
  const { window } = await desk.launch({ language: 'en', settings: sourceOf(hub) });
  await whenInstalled(await install(window, published.id, way));
  // Three times in vain, once for good, each shard.
  expect(hub.served.filter(({ end }) => end > 1_000_000).length).toBeGreaterThanOrEqual(8);
});
