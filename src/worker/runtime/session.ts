import { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../../shared/appError';
import type { Device } from '../../shared/precision';
import { GraphBuilder } from '../graph/graphBuilder';
import { encodeOnnxModel } from '../graph/onnxFile';

export const executionProviders: Record<Device, string> = {
  cpu: 'CPUExecutionProvider',
  gpu: 'WebGpuExecutionProvider',
};

// ONNX Runtime 1.29 and later sends what it runs to Microsoft from Linux and macOS, unless this is set before the first session.
// Nothing leaves the machine. Source: microsoft/onnxruntime#27379.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

type SessionRequest = {
  device: Device;
  /** Folder of the external data; the model itself is in memory. */
  weightsFolder?: string;
  /** Outputs that stay on the GPU; then none can be given a buffer to write into. */
  gpuOutputs?: readonly string[];
};

/** Opens an ONNX Runtime session on exactly the device asked for. Throws `session.failed`. */
export async function openSession(
  model: Uint8Array,
  { device, weightsFolder, gpuOutputs }: SessionRequest,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: [device === 'gpu' ? 'webgpu' : 'cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(gpuOutputs && {
        preferredOutputLocation: Object.fromEntries(gpuOutputs.map((name) => [name, 'gpu-buffer'])),
      }),
      ...(weightsFolder && { extra: { session: { model_external_initializers_file_folder_path: weightsFolder } } }),
    });
  } catch (error) {
    throw new AppError('session.failed', { details: errorText(error) }, { cause: error });
  }
}

/** Opens a session of one node on the GPU, so that a machine without a usable GPU is told from a model that fails.
 *  Throws `device.gpuUnavailable`. */
export async function requireGpu(): Promise<void> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float16', [1]);
  graph.output(graph.add('Add', { from: [x, x], to: 'y' }), 'float16', [1]);
  try {
    const probe = await openSession(encodeOnnxModel(graph.graph()), { device: 'gpu' });
    await probe.release();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('device.gpuUnavailable', error.params, { cause: error });
  }
}

/** What ONNX Runtime says, for whoever copies the details: its words name C++ files and are for no sentence. */
export const errorText = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 2000);
