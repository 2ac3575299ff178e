import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemOf } from '../../shared/processMark';

/** The system that this process runs on. */
export const thisSystem = systemOf({
  readFile: (file) => readFileSync(file, 'utf8'),
  hostName: hostname(),
  signal: (pid) => process.kill(pid, 0),
});
