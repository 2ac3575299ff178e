import { defineConfig } from 'vitest/config';
import { vulkanEnvironment } from './scripts/vulkanEnvironment';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', '*.test.ts'],
    testTimeout: 60_000,
    env: vulkanEnvironment(),
    // ONNX Runtime sessions and SQLite files: two processes keep two cores busy and memory bounded.
    pool: 'forks',
    maxWorkers: 2,
  },
});
