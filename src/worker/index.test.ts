import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { FromWorker, workerMethods } from '../shared/workerProtocol';

/** Electron's end of the channel as a utility process sees it: messages come wrapped in an event. */
class ParentPort extends EventEmitter {
  readonly sent: FromWorker[] = [];
  postMessage = (message: unknown) => this.sent.push(FromWorker.parse(message));
  arrive = (data: unknown) => this.emit('message', { data });
}

test('in a utility process it announces itself, answers, and exits when told to', async () => {
  const parentPort = new ParentPort();
  Object.defineProperty(process, 'parentPort', { value: parentPort });
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as () => never); // never is not for tests
  await import('./index');
  parentPort.arrive({ kind: 'request', id: 1, method: 'hardware', input: {} });
  await vi.waitFor(() => expect(parentPort.sent.map(({ kind }) => kind)).toEqual(['ready', 'result']), 20_000);
  const [, result] = parentPort.sent;
  workerMethods.hardware.output.parse(result?.kind === 'result' ? result.output : null);
  parentPort.arrive({ kind: 'shutdown' });
  await vi.waitFor(() => expect(exit).toHaveBeenCalledWith(0));
});
