import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Failure } from '../../scripts/failure';
import type { MeasurementAnswer, MeasurementName, Measurements } from './measurement';

/** Beside this file, in the source and in a bundle. */
const child = path.join(import.meta.dirname, `measurement${path.extname(import.meta.filename)}`);

/** Measures in a process of its own: it gets its environment before ONNX Runtime looks for drivers, gives all memory of the GPU back,
 *  and a crash is only its own. Throws a Failure with what went wrong. */
export async function inOwnProcess<Name extends MeasurementName>(
  name: Name,
  wish: Measurements[Name]['wish'],
  environment: Readonly<Record<string, string>>,
): Promise<Measurements[Name]['result']> {
  const measuring = fork(child, { env: { ...process.env, ...environment } });
  const ended = once(measuring, 'exit').then(([code, signal]: (number | string | null)[]) => ({
    failure: `the process ended with ${String(code ?? signal)}`,
  }));
  measuring.send({ name, wish });
  const answered = once(measuring, 'message').then(([answer]) => answer as MeasurementAnswer); // the child sends nothing else
  const answer = await Promise.race([answered, ended]);
  await ended;
  if ('failure' in answer) throw new Failure(answer.failure);
  return answer.result as Measurements[Name]['result']; // made by the function of that name
}
