import { join } from 'node:path';

type Roots = {
  /** Electron's folder for this user's data of this app. */
  readonly userData: string;
  /** The folder of main's built program. */
  readonly program: string;
  /** Where a packaged app keeps its resources. */
  readonly resources: string;
  readonly isPackaged: boolean;
  readonly home: string;
};

/** Every place on disk the app knows. What a user cannot replace (the store) lies in no cache folder. */
export const pathsFrom = ({ userData, program, resources, isPackaged, home }: Roots) => ({
  dataFolder: userData,
  store: join(userData, 'conversations.db'),
  settings: join(userData, 'settings.json'),
  windowBounds: join(userData, 'window.json'),
  log: join(userData, 'logs', 'deskmate.log'),
  /** Quantized weights, made again when they are missing. */
  preparedFolder: join(userData, 'prepared'),
  /** Which driver computes, found out anew where it is missing. */
  gpuProofs: join(userData, 'gpu-proofs.json'),
  /** What models took here, measured anew where it is missing. */
  experience: join(userData, 'experience.json'),
  /** Where models are kept unless the user moved them. */
  modelsFolder: join(userData, 'models'),
  demoModel: isPackaged ? join(resources, 'demo-model') : join(program, '../../assets/demo-model'),
  worker: join(program, 'worker.js'),
  preload: join(program, '../preload/index.cjs'),
  home,
  /** Folders of the app: what is put there goes with an update, or with the app. */
  reserved: [userData, program, resources],
  rendererFolder: join(program, '../renderer'),
});
