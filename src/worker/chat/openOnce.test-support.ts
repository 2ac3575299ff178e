import path from 'node:path';
import { openChatModel } from './openChatModel';

/** A program: opens the demo model in int8 on the CPU in a process of its own, and prints what that took. Its argument is the folder
 *  for prepared weights. */
async function main(): Promise<void> {
  const chat = await openChatModel({
    modelFolder: path.resolve(import.meta.dirname, '../../../assets/demo-model'),
    preparedFolder: process.argv[2]!,
    fingerprint: null,
    ...{ precision: 'int8', device: 'cpu', forms: null, proof: null, measurements: [] },
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  process.stdout.write(JSON.stringify(chat.opened.measurement));
  await chat.close();
}

void main();
