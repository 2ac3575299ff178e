import type { Device } from '../../shared/precision';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import type { GraphBuilder } from './graphBuilder';
import type { FloatType } from '../checkpoint/floatType';
import type { StoredWeights } from './weightSource';

/** What every part of the graph is built from. */
export type GraphContext = {
  readonly graph: GraphBuilder;
  readonly config: QwenConfig;
  readonly device: Device;
  /** Number format of activations: float32 on the CPU, either on the GPU. */
  readonly floatType: FloatType;
  readonly weights: StoredWeights;
  /** Longest context; rows of the GPU's rotary tables. */
  readonly contextLength: number;
  /** Whether positions beyond the training length scale their queries (log-n attention). */
  readonly scalesQueries: boolean;
};
