import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { serveEngine } from './enginePeer';

/** The parts of node-llama-cpp that are used here; it is no dependency, so its own types are not at hand. */
type Sequence = {
  clearHistory(): Promise<void>;
  evaluate(ids: number[], options: typeof greedily): AsyncIterable<number>;
};
type LlamaModule = {
  getLlama: (options: { gpu: false; build: 'never'; maxThreads: number }) => Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      createContext(options: {
        contextSize: number;
        batchSize: number;
        threads: number;
      }): Promise<{ getSequence(): Sequence }>;
    }>;
  }>;
};

/** llama.cpp as a peer: `llamaPeer.ts MODULE GGUF CONTEXT`. */
const [entry, modelPath, contextLength] = process.argv.slice(2);
const vocabularySize = 151_936;
const greedily = { temperature: 0, yieldEogToken: true };
let sequence: Sequence;

serveEngine({
  async open() {
    const { getLlama } = (await import(pathToFileURL(entry!).href)) as LlamaModule; // the version that llamaPackage.ts installs
    const threads = availableParallelism();
    const llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads });
    const start = performance.now();
    const model = await llama.loadModel({ modelPath: modelPath! });
    const context = await model.createContext({ contextSize: Number(contextLength), batchSize: 512, threads });
    sequence = context.getSequence();
    await sequence.evaluate([1], greedily)[Symbol.asyncIterator]().next();
    return performance.now() - start;
  },

  /** Its own loop: the first token comes after the prefill, each other after one decode. */
  async answer({ prefill, decode }, round) {
    await sequence.clearHistory();
    const ids = Array.from({ length: prefill }, (_, i) => (i * 37 + round * 11 + 2) % vocabularySize);
    const times: number[] = [];
    let before = performance.now();
    const tokens = sequence.evaluate(ids, greedily)[Symbol.asyncIterator]();
    while (times.length <= decode) {
      await tokens.next();
      const now = performance.now();
      times.push(now - before);
      before = now;
    }
    await tokens.return?.();
    const [prefillMs, ...decodeMs] = times;
    return { prefillMs: prefillMs!, decodeMs };
  },
});
