import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Failure, reasonOf } from '../../scripts/failure';
import { benchConfig } from '../../src/worker/bench/benchShape';
import { openRandomModel } from '../../src/worker/bench/randomModel';
import type { Precision } from '../../src/shared/precision';
import { gpuMarkdown, type GpuRecord, type MeasuredPrecision } from './gpuRecord';
import { gpuOptions, gpuUsage, type GpuOptions } from './gpuOptions';
import { inOwnProcess } from './inOwnProcess';
import { nvidiaName, watchVideoMemory, type VideoMemory } from './videoMemory';
import { findVulkanDrivers, type VulkanDriver } from './vulkanDriver';

/** The WebGPU path at Qwen-7B's shape on this machine's GPU; `--help` lists the options. The record is written anew after each measurement,
 *  as Markdown and JSON named by the GPU. Throws a Failure that says what is missing where no GPU can compute. */
export async function benchGpu(args: readonly string[], defaultOut: string): Promise<void> {
  const options = gpuOptions(args, defaultOut);
  if (options === null) return console.log(gpuUsage);
  const driver = await workingDriver(findVulkanDrivers(options));
  const memory = await watchVideoMemory();
  try {
    await new GpuBench(options, driver, memory).run(await describeGpu(options, driver));
  } finally {
    memory?.stop();
  }
}

async function workingDriver(drivers: readonly VulkanDriver[]): Promise<VulkanDriver> {
  const failures: string[] = [];
  for (const driver of drivers)
    try {
      await inOwnProcess('probe', null, { ...driver.environment, VK_LOADER_DEBUG: 'error' });
      console.log(`Vulkan driver: ${driver.manifest}`);
      return driver;
    } catch (error) {
      failures.push(`  ${driver.manifest}: ${reasonOf(error)}`);
    }
  throw new Failure(
    `No Vulkan driver of this machine can run WebGPU (messages of Vulkan's loader are above):\n${failures.join('\n')}`,
  );
}

async function describeGpu({ name }: GpuOptions, driver: VulkanDriver): Promise<GpuRecord['gpu']> {
  const { isSoftware } = driver;
  const nvidia = /nvidia/.test(driver.manifest) ? await nvidiaName() : null;
  const found = nvidia?.name ?? (isSoftware ? 'Mesa lavapipe' : path.basename(driver.manifest, '_icd.json'));
  return { name: name ?? found, driver: nvidia?.driver ?? null, isSoftware };
}

class GpuBench {
  constructor(
    private readonly options: GpuOptions,
    private readonly driver: VulkanDriver,
    private readonly memory: VideoMemory | null,
  ) {}

  async run(gpu: GpuRecord['gpu']): Promise<void> {
    const { layers, prefills, decode, rounds, contextLength, chunkLength } = this.options.speed;
    const record: GpuRecord = {
      gpu,
      node: process.versions.node,
      onnxRuntime: onnxRuntimeVersion(),
      setup: { layers, prefills, decode, rounds, contextLength, chunkLength },
      bandwidth: { copied: null, given: this.options.givenBandwidth },
      videoMemorySource: this.memory?.source ?? null,
      precisions: {},
      products: {},
      failures: {},
    };
    await this.#step(record, 'Copying', async () => {
      record.bandwidth.copied = await inOwnProcess('copy', this.#copyWish(gpu), this.driver.environment);
    });
    for (const precision of this.options.precisions)
      await this.#step(record, precision, async () => {
        record.precisions[precision] = await this.#measure(precision);
      });
    for (const precision of this.options.precisions.filter((p) => p !== 'bf16'))
      await this.#step(record, `Products in ${precision}`, async () => {
        const { folder } = this.options.speed;
        const wish = { precision, layers, folder, runs: gpu.isSoftware ? 1 : 20 };
        record.products[precision] = await inOwnProcess('products', wish, this.driver.environment);
      });
    console.log(`\n${gpuMarkdown(record)}`);
    if (Object.keys(record.failures).length > 0) throw new Failure('Not everything could be measured; see above.');
  }

  /** A failure of one measurement is told in the record and ends no other. */
  async #step(record: GpuRecord, name: string, measure: () => Promise<void>): Promise<void> {
    console.log(`${name} …`);
    try {
      await measure();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.error(error.message);
      record.failures[name] = error.message;
    }
    const file = write(record, this.options.outFolder);
    console.log(`  written to ${file}`);
  }

  #copyWish({ isSoftware }: GpuRecord['gpu']) {
    return isSoftware ? { bufferBytes: 2 ** 26, copies: 4 } : { bufferBytes: 2 ** 28, copies: 40 };
  }

  async #measure(precision: Precision): Promise<MeasuredPrecision> {
    const { speed } = this.options;
    const config = benchConfig('qwen-7b', speed.layers);
    // Beforehand: writing gigabytes is no part of loading them.
    await openRandomModel({ config, precision, floatType: 'float16', folder: speed.folder });
    const beforeBytes = this.memory?.usedBytes ?? 0;
    this.memory?.takePeak();
    const measured = await inOwnProcess('speed', { ...speed, precision }, this.driver.environment);
    if (this.memory === null) return { ...measured, videoMemory: null };
    const peakBytes = this.memory.takePeak();
    await new Promise((resolve) => setTimeout(resolve, 1000)); // until a reading is later than the process
    return { ...measured, videoMemory: { beforeBytes, peakBytes, afterBytes: this.memory.usedBytes } };
  }
}

function onnxRuntimeVersion(): string {
  const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return manifest.version;
}

/** Gives the Markdown file. */
function write(record: GpuRecord, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const base = path.join(
    folder,
    record.gpu.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
  );
  writeFileSync(`${base}.json`, `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(`${base}.md`, gpuMarkdown(record));
  return `${base}.md`;
}
