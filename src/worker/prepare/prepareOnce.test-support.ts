import { Precision } from '../../shared/precision';
import { openCheckpoint } from '../checkpoint/checkpoint';
import { prepareCheckpoint } from './prepareCheckpoint';

// A program of its own, so that its memory is nobody else's: prepares a checkpoint for a GPU and prints the peak in bytes.
const [source, folder, precision] = process.argv.slice(2);
const checkpoint = await openCheckpoint(source!);
await prepareCheckpoint({
  checkpoint,
  folder: folder!,
  precision: Precision.parse(precision),
  floatType: 'float16',
  threads: 2,
});
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
