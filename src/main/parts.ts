import type { GpuProof, Hardware } from '../shared/hardware';
import type { LoadedModel, ModelStatus } from '../shared/model';
import type { Log } from './app/log';
import type { pathsFrom } from './app/paths';
import { Chat } from './chat/chat';
import { ConversationList } from './conversations/conversationList';
import { recoverAnswers } from './conversations/messageRepository';
import { Database } from './db/connection';
import { openStore } from './db/openStore';
import type { Network } from './download/downloadOptions';
import { WorkerHost } from './inference/workerHost';
import type { WorkerProcess, WorkerRole } from './inference/workerProcess';
import { catalog } from './library/catalog';
import { ModelLibrary } from './library/modelLibrary';
import { Experience } from './model/experience';
import { ModelLoader } from './model/modelLoader';
import type { SettingsFile } from './settings/settingsFile';
import { onnxRuntimeVersion } from './system/about';
import { GpuProofs } from './system/gpuProofs';
import { readHardware } from './system/readHardware';

type Paths = ReturnType<typeof pathsFrom>;

export type PartsOptions = {
  readonly paths: Pick<
    Paths,
    'store' | 'experience' | 'gpuProofs' | 'demoModel' | 'modelsFolder' | 'preparedFolder' | 'home' | 'reserved'
  >;
  readonly appVersion: string;
  readonly settings: SettingsFile;
  readonly log: Pick<Log, 'bug' | 'info'>;
  readonly spawn: (role: WorkerRole) => WorkerProcess;
  readonly network: Network;
  /** Asks the user for a folder; null when they chose none. */
  readonly pickFolder: () => Promise<string | null>;
};

export type Parts = Awaited<ReturnType<typeof startParts>>;

/** Everything that lives without a window: the store, the worker, the models and the answers. Loading begins at once; `storeOpened`
 *  rejects where the conversations cannot be used. */
export async function startParts(options: PartsOptions) {
  const { paths, settings, log, spawn } = options;
  const [nowMs, reportBug] = [Date.now, log.bug];
  // Checking a huge store takes seconds. Nobody waits for it but who asks it for something, and first of all it is put in order.
  const db = Database.later(openStore(paths.store));
  const storeOpened = db.transaction(recoverAnswers);
  storeOpened.catch(() => undefined); // told to who starts the app
  const newHost = (role: WorkerRole) => new WorkerHost({ spawn: () => spawn(role), reportBug });
  const host = newHost('inference');
  host.onCrash((exitCode) => log.info(`The inference process crashed with exit code ${exitCode}.`));
  const driver = driverNames(() => readHardware(host, paths.modelsFolder));
  const experience = await Experience.open({ file: paths.experience, appVersion: options.appVersion, driver });
  const proofs = new GpuProofs({
    file: paths.gpuProofs,
    createHost: () => newHost('probe'),
    hardware: () => host.request('hardware', {}),
    reportBug,
    versions: { appVersion: options.appVersion, onnxRuntimeVersion: onnxRuntimeVersion() },
  });
  const proof = () => proofs.forChoice();
  const library = await ModelLibrary.open({
    ...{ places: paths, catalog, settings, host, nowMs, reportBug },
    ...{ network: options.network, pickFolder: options.pickFolder, newPrepareHost: () => newHost('prepare') },
    experience: async (modelId) => ({ proof: await proof(), measurements: await experience.of(modelId) }),
    released: () => model.releasable(),
    reload: () => model.reload(() => chat.stopInWorker()),
    holdLoads: () => model.hold(),
  });
  const model = new ModelLoader({
    ...{ host, experience, proof, nowMs, reportBug },
    chosen: () => library.chosen(),
    demo: () => library.demo(),
    settings: () => settings.current,
  });
  const conversations = new ConversationList(db, nowMs);
  const chat = new Chat({ db, conversations, model, host, nowMs, reportBug });
  logChanges(model, log);
  tellLoads(model, library);
  void model.load();
  library.goOn().catch(reportBug);
  const unwatch = reloadOnChange(settings, () => model.reload(() => chat.stopInWorker()));

  /** In the order of who needs whom: answers are stored, then downloads stop, then the process goes, then the store. */
  const close = async (): Promise<void> => {
    unwatch();
    await chat.close();
    await library.close();
    await proofs.close();
    await model.close();
    await experience.settled();
    await db.close();
  };
  const proveGpu = (isForced: boolean): Promise<GpuProof> => proofs.prove(isForced);
  return { host, model, library, conversations, chat, proveGpu, storeOpened, close };
}

/** Asked once a start: drivers rarely change while a program that uses them runs. */
function driverNames(look: () => Promise<Hardware>): () => Promise<string> {
  let names: Promise<string> | null = null;
  const ask = async (): Promise<string> => {
    const { gpus } = await look();
    return gpus.map(({ name, driver }) => `${name} ${driver ?? ''}`).join('; ');
  };
  return async () => {
    names ??= ask();
    try {
      return await names;
    } catch (error) {
      names = null; // whoever asks next has another chance
      throw error;
    }
  };
}

/** A new precision or device takes effect at once. */
function reloadOnChange(settings: SettingsFile, reload: () => Promise<void>): () => void {
  let { precision, device } = settings.current;
  return settings.watch((now) => {
    if (now.precision === precision && now.device === device) return;
    ({ precision, device } = now);
    void reload();
  });
}

/** Each stage once, however finely its progress is told. */
function logChanges(model: ModelLoader, log: Pick<Log, 'info'>): void {
  let last = '';
  model.watch((status) => {
    const message = describe(status);
    if (message !== last) log.info(message);
    last = message;
  });
}

/** The library shows what is prepared, and loading prepares. */
function tellLoads(model: ModelLoader, library: ModelLibrary): void {
  let isReady = false;
  model.watch((status) => {
    if (status.state === 'ready' && !isReady) library.loaded(status.model.modelId);
    isReady = status.state === 'ready';
  });
}

function describe(status: ModelStatus): string {
  switch (status.state) {
    case 'unloaded':
      return 'No model is loaded.';
    case 'loading':
      return `Loading ${status.model.name}, ${status.precision} on ${status.device}: ${status.progress.stage}.`;
    case 'ready':
      return describeReady(status.model);
    case 'failed':
      return `Loading failed: ${status.error.code} ${JSON.stringify(status.error.params)}.`;
    default:
      return status satisfies never;
  }
}

function describeReady({ name, precision, deviceName, executionProvider, ...model }: LoadedModel): string {
  const steps = model.steppedDownFrom.map(
    ({ precision: tried, device, error }) => `${tried} on ${device}: ${error.code}`,
  );
  const why = steps.length === 0 ? '' : ` Tried before: ${steps.join(', ')}.`;
  return `Ready: ${name}, ${precision} on ${deviceName}, ${executionProvider}.${why}`;
}
