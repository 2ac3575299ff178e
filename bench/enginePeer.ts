import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { SpeedRequest } from '../src/worker/bench/measureSpeed';

export type Answered = { prefillMs: number; decodeMs: number[]; rssBytes: number };

export type Opened = { ms: number; userMs: number; systemMs: number };

/** An engine with one model, so that two of them can be asked in turns. */
export type Engine = {
  /** Opens the model and computes a first token; gives the time from the call on. */
  open(): Promise<number>;
  answer(request: SpeedRequest, round: number): Promise<Omit<Answered, 'rssBytes'>>;
};

type ToPeer = { call: 'open' } | { call: 'answer'; request: SpeedRequest; round: number };

/** An engine in a process of its own: its memory is nobody else's, and a crash is only its own. */
export class EnginePeer {
  readonly #child: ChildProcess;

  /** `script` is a file of this folder that calls `serveEngine`; `args` tell it what to open. */
  constructor(script: string, args: readonly string[]) {
    this.#child = fork(path.join(import.meta.dirname, script), args, { execArgv: ['--import', 'tsx'] });
  }

  open(): Promise<Opened> {
    return this.#ask<Opened>({ call: 'open' });
  }

  answer(request: SpeedRequest, round: number): Promise<Answered> {
    return this.#ask<Answered>({ call: 'answer', request, round });
  }

  close(): void {
    this.#child.kill();
  }

  async #ask<T>(message: ToPeer): Promise<T> {
    this.#child.send(message);
    const ended = once(this.#child, 'exit').then(() => {
      throw new Error('an engine ended before it answered');
    });
    const [answer] = (await Promise.race([once(this.#child, 'message'), ended])) as [T]; // serveEngine answers each call in kind
    return answer;
  }
}

/** The other end: answers the calls of `EnginePeer` until it is killed. */
export function serveEngine(engine: Engine): void {
  process.on('message', (message: ToPeer) => {
    const answer = message.call === 'open' ? opened(engine) : answered(engine, message.request, message.round);
    answer.then(
      (result) => process.send!(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

async function opened(engine: Engine): Promise<Opened> {
  const before = process.cpuUsage();
  const ms = await engine.open();
  const { user, system } = process.cpuUsage(before);
  return { ms, userMs: user / 1000, systemMs: system / 1000 };
}

async function answered(engine: Engine, request: SpeedRequest, round: number): Promise<Answered> {
  const times = await engine.answer(request, round);
  return { ...times, rssBytes: process.memoryUsage.rss() };
}
