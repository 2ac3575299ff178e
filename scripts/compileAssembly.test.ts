import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileAssembly, compiledModule } from './compileAssembly';

test('the WebAssembly module in the sources is the one that its source gives', async () => {
  expect(readFileSync(compiledModule, 'utf8')).toBe(await compileAssembly());
});
