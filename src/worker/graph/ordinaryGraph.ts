import type { Device } from '../../shared/precision';
import type { FloatType } from '../checkpoint/floatType';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { buildQwenGraph } from './qwenGraph';
import { maxContextLength } from './rotary';
import type { StoredWeights } from './weightSource';

/** Raised when the same weights would get another graph: a prepared one is made anew then, and its weights stay. */
export const graphVersion = 2;

export type OrdinaryGraphOptions = { config: QwenConfig; floatType: FloatType; weights: StoredWeights };

/** Builds the graph for contexts up to the training length, where Dynamic NTK and log-n attention are off: the one that is made
 *  before it is known how a model will be used. Float16 is for a GPU, float32 for the CPU. */
export const buildOrdinaryGraph = (options: OrdinaryGraphOptions): Uint8Array =>
  buildQwenGraph({
    ...options,
    device: options.floatType === 'float16' ? 'gpu' : 'cpu',
    contextLength: ordinaryLength(options.config),
    alphas: [1],
    scalesQueries: false,
  });

/** Whether that graph computes contexts of a length, too. The CPU's gets its tables anew with each run, so it computes all. */
export const isOrdinary = (config: QwenConfig, device: Device, contextLength: number): boolean =>
  device === 'cpu' || contextLength <= ordinaryLength(config);

/** A damaged `seq_length` must not make a table of billions of rows. */
const ordinaryLength = ({ sequenceLength }: QwenConfig): number => Math.min(sequenceLength, maxContextLength);
