import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '../../shared/appError';
import type { GpuProof } from '../../shared/hardware';
import type { Device } from '../../shared/precision';
import { floatTypeOn } from '../../shared/preparedForm';
import { toWireError } from '../../shared/wireError';
import { halfToFloat } from '../checkpoint/dtype';
import { encodeOnnxModel } from '../graph/onnxFile';
import { errorText, openSession, requireGpu } from '../runtime/session';
import { proofFeeds, proofGraph, proofOutputs } from './proofGraph';
import { driverTraces, isSoftwareDriver } from './softwareDriver';

/** Largest error relative to the largest value of an output that float16 explains: about 256 roundings of 2^-11. */
const tolerance = 2e-2;

type Outputs = Readonly<Record<string, Float32Array>>;

/** Computes our operators on the GPU and holds the numbers against the CPU's. A driver that is broken may end the process, and one
 *  that hangs does so for ever: it is for a process of its own. Rejects only where the CPU fails. */
export async function proveGpu(computeOnGpu: () => Promise<GpuOutputs> = computeGpu): Promise<GpuProof> {
  const start = performance.now();
  const expected = await computeOnCpu();
  const proof = await compare(expected, computeOnGpu);
  return { ...proof, milliseconds: performance.now() - start, provedAtMs: Date.now() };
}

type GpuOutputs = { outputs: Outputs; isSoftware: boolean };
type Comparison = Omit<GpuProof, 'milliseconds' | 'provedAtMs'>;

async function compare(expected: Outputs, computeOnGpu: () => Promise<GpuOutputs>): Promise<Comparison> {
  try {
    const { outputs, isSoftware } = await computeOnGpu();
    const errors = proofOutputs.map((name) => ({ name, error: relativeError(outputs[name]!, expected[name]!) }));
    const worst = errors.reduce((a, b) => (a.error >= b.error ? a : b));
    const largestError = Number.isFinite(worst.error) ? worst.error : null;
    const isUsable = worst.error <= tolerance;
    const error = new AppError('device.gpuWrong', { operator: worst.name, error: String(worst.error) });
    return { isUsable, isSoftware, error: isUsable ? null : toWireError(error, ignore), largestError };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { isUsable: false, isSoftware: false, error: toWireError(error, ignore), largestError: null };
  }
}

/** Every error that gets there is expected. */
const ignore = (): void => undefined;

/** Infinite where the GPU has a number that is none. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  let [largest, scale] = [0, 0];
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i]! - value);
    largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
    scale = Math.max(scale, Math.abs(value));
  }
  return largest / scale;
}

/** The right numbers. */
export const computeOnCpu = (): Promise<Outputs> => compute('cpu', () => Promise.resolve());

async function computeGpu(): Promise<GpuOutputs> {
  await requireGpu();
  let isSoftware = false;
  const outputs = await compute('gpu', async () => {
    isSoftware = isSoftwareDriver(await driverTraces());
  });
  return { outputs, isSoftware };
}

/** The outputs of the graph on a device; `look` is called while its session is open. */
async function compute(device: Device, look: () => Promise<void>): Promise<Outputs> {
  const floatType = floatTypeOn[device];
  const session = await openSession(encodeOnnxModel(proofGraph(floatType)), { device });
  try {
    const outputs = await run(session, proofFeeds(floatType));
    await look();
    return Object.fromEntries(proofOutputs.map((name) => [name, floatsOf(outputs[name]!)]));
  } finally {
    await session.release();
  }
}

async function run(session: InferenceSession, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw new AppError('session.failed', { details: errorText(error) }, { cause: error });
  }
}

/** float16 outputs arrive as their bits. */
const floatsOf = (tensor: Tensor): Float32Array =>
  tensor.type === 'float16'
    ? Float32Array.from(tensor.data as Uint16Array, halfToFloat)
    : (tensor.data as Float32Array);
