import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// Built for the older of the runtimes the app meets: Electron 33 (Node 20, Chrome 130).
export default defineConfig({
  main: {
    build: {
      target: 'node20',
      rollupOptions: {
        input: {
          index: 'src/main/index.ts',
          worker: 'src/worker/index.ts',
          prepareThread: 'src/worker/prepare/prepareThread.ts',
          hashThread: 'src/main/download/hashThread.ts',
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node20',
      // A sandboxed preload can only be CommonJS, and can require nothing but Electron: one file.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      target: 'chrome130',
      minify: true,
      rollupOptions: { input: `${import.meta.dirname}/src/renderer/index.html` },
    },
    plugins: [react()],
  },
});
