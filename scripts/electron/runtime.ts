/** An Electron that can run the app, and where it came from. */
export interface ElectronRuntime {
  readonly executable: string;
  /** The folder that holds all of it, as a packager wants it. */
  readonly folder: string;
  readonly origin: 'environment' | 'official' | 'fallback';
}
