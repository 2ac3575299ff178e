import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

/** The hub in a process of its own that publishes one folder. `order` gives its answer to a line of JSON. */
async function startProcess() {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-hub-'));
  await writeFile(path.join(folder, 'model.safetensors'), 'weights');
  const program = path.join(import.meta.dirname, 'hubProcess.ts');
  const args = ['--import', 'tsx', program, `Qwen/Tiny=${folder}`];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const exited = once(child, 'exit');
    child.stdin.end();
    await exited;
    await rm(folder, { recursive: true });
  });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(String((await answers.next()).value));
  const { url } = (await next()) as { url: string };
  const order = (what: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(what)}\n`);
    return next();
  };
  return { file: `${url}/Qwen/Tiny/resolve/main/model.safetensors`, order };
}

test('serves a folder, misbehaves on order, goes away, comes back, and says what it sent', async () => {
  const { file, order } = await startProcess();
  const range = { headers: { range: 'bytes=2-4' } };
  const response = await fetch(file, range);
  expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 2-4/7']);
  expect(await response.text()).toBe('igh');
  await order({ do: 'fault', rules: [{ path: '*', fault: { kind: 'status', status: 503 }, times: 1 }] });
  expect((await fetch(file)).status).toBe(503);
  await order({ do: 'close' });
  await expect(fetch(file)).rejects.toThrow();
  await order({ do: 'open' });
  expect(await (await fetch(file)).text()).toBe('weights');
  await order({ do: 'fault', rules: [{ path: '*', fault: { kind: 'page' } }] });
  await order({ do: 'heal' });
  expect(await (await fetch(file)).text()).toBe('weights');
  expect(await order({ do: 'served' })).toEqual([
    { path: 'model.safetensors', start: 2, end: 5, status: 206, sentBytes: 3 },
    { path: 'model.safetensors', start: 0, end: 7, status: 200, sentBytes: 7 },
    { path: 'model.safetensors', start: 0, end: 7, status: 200, sentBytes: 7 },
  ]);
});
