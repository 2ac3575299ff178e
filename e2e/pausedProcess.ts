/** A process of ours that runs only while it is let: the demo model is done in a fifth of a second, too soon to do anything in
 *  mid-answer. Not for Windows, which has no such signals. */
export class PausedProcess {
  constructor(private readonly processId: number) {
    this.#signal('SIGSTOP');
  }

  /** Runs for about so long; how long is up to the system. */
  async runFor(milliseconds: number): Promise<void> {
    this.#signal('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  /** A journey may have killed it. */
  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.processId, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
