import { writeFileSync } from 'node:fs';
import { assemblyModules, compileAssembly, compiledModule } from './compileAssembly';
import { runScript } from './runScript';

// `npm run assembly`: compiles assembly/ after a change there.
runScript(async () => {
  for (const name of assemblyModules) writeFileSync(compiledModule(name), await compileAssembly(name));
});
