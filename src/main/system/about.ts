import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { OutputOf } from '../../shared/ipc/define';
import type { systemRoutes } from '../../shared/ipc/routes/system';

export type About = OutputOf<(typeof systemRoutes)['system.about']>;

const Package = z.object({ version: z.string() });

/** The version of ONNX Runtime that lies beside the app; main reads its package and never loads it. */
export function onnxRuntimeVersion(): string {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return Package.parse(json).version;
}
