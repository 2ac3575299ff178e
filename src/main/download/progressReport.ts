import type { AppError } from '../../shared/appError';
import type { SourceId } from '../../shared/library';
import type { DownloadContext } from './downloadContext';
import { endOf } from './downloadPlan';
import { SpeedMeter } from './speedMeter';

const everyMs = 250;

/** Tells how the download goes, also while nothing moves: a speed that stands still would be a lie. */
export class ProgressReport {
  source: SourceId | null = null;
  trouble: AppError | null = null;
  readonly meter: SpeedMeter;

  constructor(private readonly context: DownloadContext) {
    this.meter = new SpeedMeter(context.options.clock);
  }

  /** Until `signal` aborts. */
  async repeat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.tell();
      await this.context.options.clock.wait(everyMs, signal).catch(() => undefined); // aborted
    }
    this.tell();
  }

  tell(): void {
    const { files, onProgress } = this.context.options;
    if (onProgress === undefined) return;
    const totalBytes = files.reduce((sum, file) => sum + endOf(file), 0);
    const doneBytes = totalBytes - missingBytes(this.context);
    const bytesPerSecond = this.meter.bytesPerSecond();
    const secondsLeft = bytesPerSecond ? Math.ceil((totalBytes - doneBytes) / bytesPerSecond) : null;
    const { source, trouble } = this;
    onProgress({ doneBytes, totalBytes, bytesPerSecond, secondsLeft, source, trouble });
  }
}

/** What of the wanted parts is not on the disk. */
function missingBytes({ options, journal }: Pick<DownloadContext, 'options' | 'journal'>): number {
  const ranges = options.files.flatMap((file) => journal.stateOf(file).missing({ start: 0, end: endOf(file) }));
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
