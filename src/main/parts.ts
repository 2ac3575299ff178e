import type { GpuProof } from '../shared/hardware';
import type { ModelStatus } from '../shared/model';
import type { Log } from './app/log';
import type { pathsFrom } from './app/paths';
import { Chat } from './chat/chat';
import { ConversationList } from './conversations/conversationList';
import { recoverAnswers } from './conversations/messageRepository';
import { openStore } from './db/openStore';
import { WorkerHost } from './inference/workerHost';
import type { WorkerProcess, WorkerRole } from './inference/workerProcess';
import { ModelLibrary } from './library/modelLibrary';
import { ModelLoader } from './model/modelLoader';
import type { SettingsFile } from './settings/settingsFile';

type Options = {
  readonly paths: Pick<ReturnType<typeof pathsFrom>, 'store' | 'demoModel' | 'modelsFolder' | 'preparedFolder'>;
  readonly settings: SettingsFile;
  readonly log: Pick<Log, 'bug' | 'info'>;
  readonly spawn: (role: WorkerRole) => WorkerProcess;
};

export type Parts = Awaited<ReturnType<typeof startParts>>;

/** Everything that lives without a window: the store, the worker, the model and the answers. Loading begins at once. */
export async function startParts({ paths, settings, log, spawn }: Options) {
  const nowMs = Date.now;
  const reportBug = log.bug;
  const db = await openStore(paths.store);
  await recoverAnswers(db);
  const host = new WorkerHost({ spawn: () => spawn('inference'), reportBug });
  host.onCrash((exitCode) => log.info(`The inference process crashed with exit code ${exitCode}.`));
  const library = new ModelLibrary({ places: paths, settings, reportBug });
  const model = new ModelLoader({
    host,
    model: () => library.chosen(),
    settings: () => settings.current,
    reportBug,
  });
  const conversations = new ConversationList(db, nowMs);
  const chat = new Chat({ db, conversations, model, host, nowMs, reportBug });
  logChanges(model, log);
  void model.load();
  const unwatch = reloadOnChange(settings, () => model.reload(() => chat.stopInWorker()));

  /** In the order of who needs whom: answers are stored, then the process goes, then the store. */
  const close = async (): Promise<void> => {
    unwatch();
    await chat.close();
    await host.end();
    await db.close();
  };
  const proveGpu = (): Promise<GpuProof> =>
    proveInOwnProcess(new WorkerHost({ spawn: () => spawn('probe'), reportBug }));
  return { host, model, library, conversations, chat, proveGpu, close };
}

/** A broken driver takes that process with it, and no other. */
async function proveInOwnProcess(host: WorkerHost): Promise<GpuProof> {
  try {
    return await host.request('proveGpu', {});
  } finally {
    await host.end();
  }
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

function describe(status: ModelStatus): string {
  switch (status.state) {
    case 'unloaded':
      return 'No model is loaded.';
    case 'loading':
      return `Loading ${status.precision} on ${status.device}: ${status.progress.stage}.`;
    case 'ready':
      return `Ready: ${status.model.precision} on ${status.model.deviceName}, ${status.model.executionProvider}.`;
    case 'failed':
      return `Loading failed: ${status.error.code} ${JSON.stringify(status.error.params)}.`;
    default:
      return status satisfies never;
  }
}
