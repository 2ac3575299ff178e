import { Precision } from '../src/shared/precision';
import { openCheckpoint } from '../src/worker/checkpoint/checkpoint';
import { prepareCheckpoint } from '../src/worker/prepare/prepareCheckpoint';

// A program of its own, so that its memory is nobody else's: prepares a checkpoint and prints the time and the peak.
const [source, folder, precision, floatType] = process.argv.slice(2);
const checkpoint = await openCheckpoint(source!);
const start = performance.now();
await prepareCheckpoint({
  checkpoint,
  folder: folder!,
  precision: Precision.parse(precision),
  floatType: floatType === 'float16' ? 'float16' : 'float32',
});
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
