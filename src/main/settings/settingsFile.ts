import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import type { SettingsChange } from '../../shared/settings';
import { Settings } from '../../shared/settings';
import { writeFileAtomically } from '../app/atomicFile';
import { asDiskFull } from '../app/diskFull';
import { Watched } from '../app/watched';

/** What no window changes by itself: the library does, once it has done what the change says. */
type OwnChange = Partial<Pick<Settings, 'modelId' | 'modelsFolder'>>;

type Place = { readonly file: string; readonly reportBug: (bug: unknown) => void };

/** The settings, kept in a JSON file. */
export class SettingsFile {
  readonly #watched: Watched<Settings>;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly place: Place,
    settings: Settings,
    /** `settings.unreadable` where the file had to be set aside and the defaults apply. */
    readonly problem: AppError | null,
  ) {
    this.#watched = new Watched(settings, place.reportBug);
  }

  /** Reads the file. One that is not there means defaults; one that cannot be read is kept aside. */
  static async open(file: string, reportBug: (bug: unknown) => void): Promise<SettingsFile> {
    const place = { file, reportBug };
    const text = await readIfThere(file);
    if (text === null) return new SettingsFile(place, Settings.parse({}), null);
    const { settings, isWhole } = parse(text);
    if (isWhole) return new SettingsFile(place, settings, null);
    const aside = freeName(`${file}.unreadable`);
    await rename(file, aside);
    await write(file, settings).catch(reportBug); // what could be read is there at the next start; this one goes on
    return new SettingsFile(place, settings, new AppError('settings.unreadable', { file: aside }));
  }

  get current(): Settings {
    return this.#watched.value;
  }

  /** The settings at once, and again after each change, until the returned function is called. */
  watch(listener: (settings: Settings) => void): () => void {
    return this.#watched.watch(listener);
  }

  /** Stores the change, then applies it; throws `store.diskFull` where there is no room. Changes take turns, so none undoes another. */
  change(change: SettingsChange | OwnChange): Promise<Settings> {
    const mine = this.#lastWrite.then(async () => {
      const settings = Settings.parse({ ...this.current, ...change });
      await write(this.place.file, settings);
      this.#watched.set(settings);
      return settings;
    });
    // The next change goes on after a failure; the failure itself reaches the caller through `mine`.
    this.#lastWrite = mine.catch(() => undefined);
    return mine;
  }
}

async function write(file: string, settings: Settings): Promise<void> {
  try {
    await writeFileAtomically(file, `${JSON.stringify(settings, null, 2)}\n`);
  } catch (error) {
    throw error instanceof Error ? asDiskFull(error) : error;
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Each setting by itself: one that makes no sense takes its default, and the others stay. */
function parse(text: string): { settings: Settings; isWhole: boolean } {
  const fields = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  const whole = Settings.safeParse(fields.data);
  if (whole.success) return { settings: whole.data, isWhole: true };
  const sound = Object.entries(fields.data ?? {}).filter(
    ([name, value]) => Settings.safeParse({ [name]: value }).success,
  );
  return { settings: Settings.parse(Object.fromEntries(sound)), isWhole: false };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // what was wrong with it matters less than that the file is kept
  }
}

/** `name`, or `name.2`, `name.3`, …: what was kept aside before is never overwritten. */
function freeName(name: string): string {
  let free = name;
  for (let number = 2; existsSync(free); number++) free = `${name}.${number}`;
  return free;
}
