import { AppError } from '../shared/appError';
import { errorText } from '../shared/errorText';
import { translate } from '../shared/translate';
import { toWireError } from '../shared/wireError';
import { bench } from './bench';
import type { Command } from './command';
import { detokenize } from './detokenize';
import { generate } from './generate';
import { hardware } from './hardware';
import { logits } from './logits';
import { readOptions } from './options';
import { endWithReader, writeLine } from './output';
import { perplexity } from './perplexity';
import { prepare } from './prepare';
import { prompt } from './prompt';
import { tokenize } from './tokenize';

const commands: Readonly<Record<string, Command>> = {
  tokenize,
  detokenize,
  prompt,
  logits,
  perplexity,
  generate,
  prepare,
  hardware,
  bench,
};

async function main([name, ...args]: readonly string[]): Promise<void> {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    console.error(usage());
    throw new AppError('cli.usage', {
      problem: name === undefined ? 'No command was given' : `There is no command ${name}`,
    });
  }
  await command.run(readOptions(args, command.options));
}

const usage = () =>
  [
    'Usage: npm run -s cli -- COMMAND [options], with JSON on stdin and stdout:',
    ...Object.entries(commands).map(([name, { usage, data }]) => `  ${name} ${usage}\n      ${data}`),
  ].join('\n');

/** The one place where errors end: as a line on stdout; bugs in full, and what the runtime said, on stderr. */
async function report(error: unknown): Promise<void> {
  const wire = toWireError(error, console.error);
  if ('details' in wire.params) console.error(wire.params['details']);
  process.exitCode = 1;
  await writeLine({ error: { code: wire.code, message: errorText(translate.bind(null, 'en'), wire) } });
}

endWithReader();
await main(process.argv.slice(2)).catch(report);
