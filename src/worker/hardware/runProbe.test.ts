import { expect, test } from 'vitest';
import { runProbe } from './runProbe';

const node = (script: string, timeoutMs = 20_000) => runProbe(timeoutMs)(process.execPath, ['-e', script]);

test('gives what the tool prints', async () => {
  expect(await node('console.log("NVIDIA H200")')).toMatchObject({ outcome: 'answered', output: 'NVIDIA H200\n' });
});

test('says what was asked, and how long it took', async () => {
  const { probe, milliseconds } = await node('0');
  expect(probe).toBe(`${process.execPath} -e 0`);
  expect(milliseconds).toBeGreaterThan(0);
});

test('a tool that fails says what it printed, on both channels', async () => {
  const script = 'console.log("one GPU"); console.error("Unable to determine the device handle"); process.exit(9)';
  expect(await node(script)).toMatchObject({
    outcome: 'failed',
    output: 'one GPU\n\nUnable to determine the device handle\n',
  });
});

test('a tool that is killed has failed', async () => {
  expect(await node('process.kill(process.pid, "SIGKILL")')).toMatchObject({ outcome: 'failed', output: '' });
});

test('a tool that is not there is missing', async () => {
  const { outcome, output } = await runProbe(20_000)('no-such-tool-of-any-driver', []);
  expect({ outcome, output }).toEqual({ outcome: 'missing', output: '' });
});

test('a tool that hangs times out, even if what it started holds on to the output', async () => {
  const grandchild = 'setTimeout(() => {}, 15_000)';
  const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); ${grandchild}`;
  const { outcome, milliseconds } = await node(script, 500);
  expect(outcome).toBe('timedOut');
  expect(milliseconds).toBeGreaterThanOrEqual(499);
  expect(milliseconds).toBeLessThan(10_000);
});

test('tools are asked in no language of the user', async () => {
  expect(await node('console.log(process.env.LC_ALL)')).toMatchObject({ output: 'C\n' });
});
