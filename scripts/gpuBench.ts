import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cacheFolder';
import { captureCommand } from './captureCommand';
import { Failure } from './failure';
import { buildEngine } from './gpuBench/buildEngine';
import { copyVulkanLoader } from './gpuBench/vulkanLoader';
import { copyWholeNode } from './gpuBench/wholeNode';
import { projectRoot } from './project';
import { runCommand } from './runCommand';
import { runScript } from './runScript';

const scripts = path.join(projectRoot, 'scripts', 'gpuBench');

/** What gpuBench.sh runs once Node and the packages are there: makes the benchmark's own folder, and runs it or packs it. */
async function main(args: readonly string[]): Promise<void> {
  if (process.platform !== 'linux') throw new Failure('The GPU benchmark runs on Linux.');
  const target = args[0] === '--bundle' ? args[1] : undefined;
  if (args[0] === '--bundle' && (target === undefined || args.length > 2))
    throw new Failure('--bundle DIR stands alone; give the other options to DIR/run.sh.');
  const runtime = path.join(cacheFolder(), 'gpu-bench');
  await makeRuntime(runtime);
  if (target !== undefined) return await pack(runtime, path.resolve(target));
  const options = ['--loader', path.join(runtime, 'lib'), '--out', path.join(projectRoot, 'bench', 'results')];
  const engine = path.join(runtime, 'engine', 'main.js');
  await runCommand(path.join(runtime, 'node'), [engine, ...options, ...args]).catch(() => {
    process.exitCode = 1; // it has said itself what is wrong
  });
}

async function makeRuntime(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await copyWholeNode(path.join(folder, 'node'));
  await copyVulkanLoader(path.join(folder, 'lib'));
  await buildEngine(path.join(folder, 'engine'));
}

/** A folder that needs nothing else: to be copied to a machine without a network. */
async function pack(runtime: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const archive = path.join(target, 'runtime.tar.gz');
  await captureCommand('tar', ['-I', 'gzip -9', '-cf', archive, '-C', runtime, 'node', 'lib', 'engine']);
  copyFileSync(path.join(scripts, 'run.sh'), path.join(target, 'run.sh'));
  const megabytes = Math.round(statSync(archive).size / 1e6);
  console.log(`Made ${target} (${megabytes} MB). Copy it to a Linux machine of the same kind and start run.sh there.`);
}

runScript(() => main(process.argv.slice(2)));
