import { defineConfig } from 'vitest/config';
import { vulkanEnvironment } from './scripts/vulkanEnvironment';

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.{ts,tsx}',
      'scripts/**/*.test.ts',
      'testing/**/*.test.ts',
      'bench/**/*.test.ts',
      '*.test.ts',
    ],
    setupFiles: ['vitest.setup.ts'],
    testTimeout: 300_000, // lavapipe compiles its shaders on the CPU, in a cold cache, perhaps on a busy machine
    // The contrast of the colours is computed from the style sheet itself.
    css: { include: /tokens\.css/ },
    globalSetup: 'scripts/prepareUnitTests.ts',
    env: vulkanEnvironment(),
    // ONNX Runtime sessions and SQLite files: two processes keep two cores busy and memory bounded.
    pool: 'forks',
    maxWorkers: 2,
  },
});
