import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemblyModules, compileAssembly, compiledModule } from './compileAssembly';

test.each(assemblyModules)(
  'the module of assembly/%s.ts that lies in the sources is what it compiles to',
  async (name) => {
    expect(readFileSync(compiledModule(name), 'utf8')).toBe(await compileAssembly(name));
  },
);
