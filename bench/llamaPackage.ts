import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const version = '3.22.1';

/** Where npm keeps the compiled llama.cpp of each platform that has one without a GPU. */
const binaries: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
  'darwin-x64': 'mac-x64',
};

/** The entry file of node-llama-cpp, installed into `folder` on the first call; it is no dependency of the app. */
export async function resolveLlamaPackage(folder: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const binary = binaries[platform];
  if (binary === undefined) throw new Error(`node-llama-cpp has no CPU build for ${platform}`);
  const entry = path.join(folder, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
  try {
    await access(entry);
    return entry;
  } catch {
    console.log(`installing node-llama-cpp ${version} into ${folder}`); // absent: this is the first run
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{"private":true}');
  const packages = [`node-llama-cpp@${version}`, `@node-llama-cpp/${binary}@${version}`];
  const args = ['install', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', ...packages];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  try {
    await promisify(execFile)(npm, args, { cwd: folder, shell: process.platform === 'win32' });
  } catch (error) {
    throw new Error('npm could not install node-llama-cpp, so there is nothing to compare with', { cause: error });
  }
  return entry;
}
