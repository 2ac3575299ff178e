import { readFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { Failure } from './failure';
import { projectRoot } from './project';

/** The WebAssembly modules with the folder that each serves: assembly/<name>.ts is the source of src/worker/<folder>/<name>Module.ts. */
const folders = { quantize: 'quantize', halves: 'quantize', logits: 'sampling' } as const;
type Name = keyof typeof folders;

export const assemblyModules = Object.keys(folders) as Name[]; // the names are all its keys

export const compiledModule = (name: Name): string =>
  path.join(projectRoot, 'src', 'worker', folders[name], `${name}Module.ts`);

const flags = '-O3 --noAssert --runtime stub --enable simd --importMemory'.split(' ');

/** Compiles a module to the text of the TypeScript module that carries it: the same on every machine. */
export async function compileAssembly(name: Name): Promise<string> {
  const source = readFileSync(path.join(projectRoot, 'assembly', `${name}.ts`), 'utf8');
  let bytes = new Uint8Array();
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(['source.ts', '--outFile', 'out.wasm', ...flags], {
    stderr,
    readFile: (file) => (file === 'source.ts' ? source : null),
    writeFile: (_, content) => void (bytes = content as Uint8Array<ArrayBuffer>), // outFile is the only one, and binary
    listFiles: () => [],
  });
  if (error !== null) throw new Failure(stderr.toString());
  const text = Buffer.from(bytes).toString('base64');
  return `/** Made from assembly/${name}.ts by \`npm run assembly\`. */\nexport const ${name}Module =\n  '${text}';\n`;
}
