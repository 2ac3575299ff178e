import { readFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { Failure } from './failure';
import { projectRoot } from './project';

/** A WebAssembly module: its source, and the TypeScript module that carries it. */
export const assemblySource = path.join(projectRoot, 'assembly', 'quantize.ts');
export const compiledModule = path.join(projectRoot, 'src', 'worker', 'quantize', 'quantizeModule.ts');

/** Compiles the module to the text of `compiledModule`. The same source gives the same text on every machine. */
export async function compileAssembly(): Promise<string> {
  let bytes = new Uint8Array();
  const options = [
    '--outFile',
    'out.wasm',
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--importMemory',
  ];
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(['source.ts', ...options], {
    stderr,
    readFile: (name) => (name === 'source.ts' ? readFileSync(assemblySource, 'utf8') : null),
    writeFile: (_, content) => void (bytes = content as Uint8Array<ArrayBuffer>), // outFile is the only one, and binary
    listFiles: () => [],
  });
  if (error !== null) throw new Failure(stderr.toString());
  const text = Buffer.from(bytes).toString('base64');
  return `/** Made from assembly/quantize.ts by \`npm run assembly\`. */\nexport const quantizeModule =\n  '${text}';\n`;
}
