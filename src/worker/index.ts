import { inspect } from 'node:util';
import { openChatModel } from './chat/openChatModel';
import { createMethods } from './methods';
import { serve, type Port } from './serve';

/** Electron's process.parentPort, as far as it is used here: the worker imports nothing of Electron. */
type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
};

// Electron adds it to the process object of a utility process, and to no other.
const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
if (parentPort === undefined)
  throw new Error('The worker runs in a utility process of Electron; from a terminal use the CLI.');

const port: Port = {
  send: (frame) => parentPort.postMessage(frame),
  onFrame: (listener) => parentPort.on('message', ({ data }) => listener(data)),
};
serve(port, {
  methods: createMethods(openChatModel),
  reportBug: (bug) => process.stderr.write(`${inspect(bug)}\n`),
  onShutdown: () => process.exit(0),
});
