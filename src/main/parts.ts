import type { Log } from './app/log';
import type { pathsFrom } from './app/paths';
import { Chat } from './chat/chat';
import { ConversationList } from './conversations/conversationList';
import { interruptStaleAnswers } from './conversations/messageRepository';
import { openStore } from './db/openStore';
import { WorkerHost } from './inference/workerHost';
import type { SpawnWorker } from './inference/workerProcess';
import { ModelLoader } from './model/modelLoader';
import type { SettingsFile } from './settings/settingsFile';

type Options = {
  readonly paths: Pick<ReturnType<typeof pathsFrom>, 'store' | 'demoModel' | 'preparedFolder'>;
  readonly settings: SettingsFile;
  readonly log: Pick<Log, 'bug'>;
  readonly spawn: SpawnWorker;
};

export type Parts = Awaited<ReturnType<typeof startParts>>;

/** Everything that lives without a window: the store, the worker, the model and the answers. Loading begins at once. */
export async function startParts({ paths, settings, log, spawn }: Options) {
  const nowMs = Date.now;
  const reportBug = log.bug;
  const db = await openStore(paths.store);
  await interruptStaleAnswers(db);
  const host = new WorkerHost({ spawn, reportBug });
  const model = new ModelLoader({
    host,
    model: { name: 'Deskmate demo model', isDemo: true, folder: paths.demoModel },
    preparedFolder: paths.preparedFolder,
    settings: () => settings.current,
    reportBug,
  });
  const conversations = new ConversationList(db, nowMs);
  const chat = new Chat({ db, conversations, model, host, nowMs, reportBug });
  void model.load();
  const unwatch = reloadOnChange(settings, () => model.reload(() => chat.stopInWorker()));

  /** In the order of who needs whom: answers are stored, then the process goes, then the store. */
  const close = async (): Promise<void> => {
    unwatch();
    await chat.close();
    await host.end();
    await db.close();
  };
  return { host, model, conversations, chat, close };
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
