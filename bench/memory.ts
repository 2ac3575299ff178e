import { estimateMemory, qwen7bShape } from '../src/worker/hardware/memoryEstimate';
import { Device, Precision } from '../src/shared/precision';

const contextLength = 2048;

/** Peaks that the README of QwenLM/Qwen gave in August 2023 for 2,048 generated tokens, GB. */
const published: Readonly<Partial<Record<Precision, string>>> = { bf16: '16.2', int8: '10.1', nf4: '7.4' };

/** What Qwen-7B is predicted to take at every precision, beside the published peaks. */
export function benchMemory(): Promise<void> {
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(2);
  console.log('| device | precision | weights | keys and values | workspace | peak | published |');
  console.log('| ------ | --------- | ------: | --------------: | --------: | ---: | --------: |');
  for (const device of Device.options)
    for (const precision of Precision.options) {
      const estimate = estimateMemory({ shape: qwen7bShape, precision, device, contextLength });
      const { weightsBytes, cacheBytes, workspaceBytes, peakBytes } = estimate;
      const columns = [weightsBytes, cacheBytes, workspaceBytes, peakBytes].map(gigabytes);
      const beside = device === 'gpu' ? (published[precision] ?? '–') : '–';
      console.log(`| ${[device, precision, ...columns, beside].join(' | ')} |`);
    }
  return Promise.resolve();
}
