import { expect, test } from 'vitest';
import { runProbe } from './runProbe';

const node = (script: string, timeoutMs = 20_000) => runProbe(timeoutMs)(process.execPath, ['-e', script]);

test('gives what the tool prints', async () => {
  expect(await node('console.log("NVIDIA H200")')).toBe('NVIDIA H200\n');
});

test.each([
  ['fails', 'console.log("Unable to determine the device handle"); process.exit(9)'],
  ['is killed', 'process.kill(process.pid, "SIGKILL")'],
])('a tool that %s has no answer', async (_, script) => {
  expect(await node(script)).toBeNull();
});

test('a tool that is not there has no answer', async () => {
  expect(await runProbe(20_000)('no-such-tool-of-any-driver', [])).toBeNull();
});

test('a tool that hangs has no answer, even if what it started holds on to the output', async () => {
  const grandchild = 'setTimeout(() => {}, 15_000)';
  const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); ${grandchild}`;
  const startMs = performance.now();
  expect(await node(script, 500)).toBeNull();
  expect(performance.now() - startMs).toBeLessThan(10_000);
});
