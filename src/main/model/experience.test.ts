import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelId } from '../../shared/library';
import type { Measurement } from '../../shared/verdict';
import { Experience } from './experience';

const [one, other] = [ModelId.parse('one'), ModelId.parse('other')];
const onGpu: Measurement = { precision: 'nf4', device: 'gpu', contextLength: 100, peakBytes: 5e9 };
const onCpu: Measurement = { precision: 'int4', device: 'cpu', contextLength: 100, peakBytes: 4e9 };
const failed: Measurement = { precision: 'bf16', device: 'gpu', contextLength: 0, peakBytes: null };

let folder: string;
let driver: string;
const asked = vi.fn(() => Promise.resolve(driver));
const open = (appVersion = '1') =>
  Experience.open({ file: join(folder, 'experience.json'), appVersion, driver: asked });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskmate-experience-'));
  driver = '550.1';
  asked.mockClear();
});
afterEach(() => rm(folder, { recursive: true }));

test('what was measured is known at the next start, of that model alone; a new figure takes the place of the old', async () => {
  const first = await open();
  await Promise.all([first.remember(one, onGpu), first.remember(one, onCpu), first.remember(other, failed)]);
  await first.remember(one, { ...onGpu, peakBytes: 6e9 });
  const next = await open();
  expect(await next.of(one)).toEqual([onCpu, { ...onGpu, peakBytes: 6e9 }]);
  expect(await next.of(other)).toEqual([failed]);
});

test('a new driver makes the GPU unknown again, a new Deskmate everything', async () => {
  const first = await open();
  await first.remember(one, onGpu);
  await first.remember(one, onCpu);
  driver = '560.2';
  expect(await (await open()).of(one)).toEqual([onCpu]);
  expect(await (await open('2')).of(one)).toEqual([]);
});

test('of a model that never ran on a GPU nobody asks for the driver', async () => {
  const experience = await open();
  await experience.remember(one, onCpu);
  expect(await experience.of(one)).toEqual([onCpu]);
  expect(asked).not.toHaveBeenCalled();
});

test('failures are forgotten when the user wants another try; figures stay', async () => {
  const experience = await open();
  for (const measurement of [onGpu, failed]) await experience.remember(one, measurement);
  await experience.remember(other, failed);
  await experience.forgetFailures(one);
  expect(await (await open()).of(one)).toEqual([onGpu]);
  expect(await (await open()).of(other)).toEqual([failed]);
});

test.each(['', '{', '[]', '{"version":9}'])('the file %j is no loss', async (text) => {
  writeFileSync(join(folder, 'experience.json'), text);
  expect(await (await open()).of(one)).toEqual([]);
});
