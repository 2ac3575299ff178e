import { z } from 'zod';
import { ModelId } from '../../shared/library';
import { Measurement } from '../../shared/verdict';
import { readJsonFile, writeJsonFile } from '../app/jsonFile';

const Entry = z.object({
  modelId: ModelId,
  /** Of the GPU; null for the CPU, which has none. */
  driver: z.string().nullable(),
  measurement: Measurement,
});
type Entry = z.infer<typeof Entry>;

const ExperienceFile = z.object({ version: z.literal(1), appVersion: z.string(), entries: z.array(Entry) });

type Options = {
  readonly file: string;
  readonly appVersion: string;
  /** Names the graphics drivers of this computer. */
  readonly driver: () => Promise<string>;
};

/** What models took in the ways in which they ran here, and which ways failed: it holds for one driver and one Deskmate. */
export class Experience {
  #entries: readonly Entry[];
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: Options,
    entries: readonly Entry[],
  ) {
    this.#entries = entries;
  }

  /** A file that cannot be read, or is another version's, is no loss: it will all be measured again. */
  static async open(options: Options): Promise<Experience> {
    const known = await readJsonFile(options.file, ExperienceFile);
    return new Experience(options, known?.appVersion === options.appVersion ? known.entries : []);
  }

  /** What is known of a model with the driver that is there now. */
  async of(modelId: ModelId): Promise<Measurement[]> {
    const entries = this.#entries.filter((entry) => entry.modelId === modelId);
    if (entries.every(({ measurement }) => measurement.device === 'cpu')) return entries.map(measured);
    const driver = await this.options.driver();
    return entries.filter((entry) => entry.driver === null || entry.driver === driver).map(measured);
  }

  /** Takes the place of what was known of the same way. */
  async remember(modelId: ModelId, measurement: Measurement): Promise<void> {
    const driver = measurement.device === 'gpu' ? await this.options.driver() : null;
    await this.#change((entries) => [
      ...entries.filter((entry) => entry.modelId !== modelId || !isSameWay(entry.measurement, measurement)),
      { modelId, driver, measurement },
    ]);
  }

  /** The user wants what failed to be tried again. */
  forgetFailures(modelId: ModelId): Promise<void> {
    return this.#change((entries) =>
      entries.filter((entry) => entry.modelId !== modelId || entry.measurement.peakBytes !== null),
    );
  }

  /** Resolves when all that was remembered so far is stored. */
  async settled(): Promise<void> {
    await this.#lastWrite;
  }

  /** Changes take turns, so that the file has what the last one left. */
  #change(change: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    this.#entries = change(this.#entries);
    const { file, appVersion } = this.options;
    const write = this.#lastWrite.then(() => writeJsonFile(file, { version: 1, appVersion, entries: this.#entries }));
    this.#lastWrite = write.catch(() => undefined); // the failure reaches the caller through `write`
    return write;
  }
}

const measured = ({ measurement }: Entry): Measurement => measurement;

const isSameWay = (one: Measurement, other: Measurement): boolean =>
  one.precision === other.precision && one.device === other.device;
