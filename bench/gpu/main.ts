import path from 'node:path';
import { runScript } from '../../scripts/runScript';
import { benchGpu } from './gpuBench';

/** The entry of a bundle: its record goes beside its folder unless told otherwise. */
runScript(() => benchGpu(process.argv.slice(2), path.resolve('results')));
