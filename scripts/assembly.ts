import { writeFileSync } from 'node:fs';
import { compileAssembly, compiledModule } from './compileAssembly';
import { runScript } from './runScript';

// `npm run assembly`: compiles assembly/ after a change there.
runScript(async () => writeFileSync(compiledModule, await compileAssembly()));
