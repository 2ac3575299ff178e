import type { Chat } from '../chat/chat';
import type { ConversationList } from '../conversations/conversationList';
import type { GpuProof } from '../../shared/hardware';
import type { WorkerHost } from '../inference/workerHost';
import type { ModelLibrary } from '../library/modelLibrary';
import type { ModelLoader } from '../model/modelLoader';
import type { SettingsFile } from '../settings/settingsFile';
import { readHardware } from '../system/readHardware';
import type { About } from '../system/about';
import type { OpenLink } from '../system/openLink';
import { libraryHandlers } from './libraryHandlers';
import type { Handlers } from './router';

export type Topics = {
  readonly chat: Chat;
  readonly conversations: ConversationList;
  readonly model: ModelLoader;
  readonly library: ModelLibrary;
  readonly settings: SettingsFile;
  readonly host: WorkerHost;
  readonly proveGpu: (isForced: boolean) => Promise<GpuProof>;
  readonly about: () => About;
  readonly openLink: OpenLink;
};

/** Each route and the one function it calls; no logic. */
export const createHandlers = (topics: Topics): Handlers => ({
  'conversations.watch': (_input, emit) => topics.conversations.watch(emit),
  'conversations.rename': ({ conversationId, title }) => topics.conversations.rename(conversationId, title),
  'conversations.delete': async ({ conversationId }) => {
    await topics.chat.deleteConversation(conversationId);
    return {};
  },
  'conversations.restore': ({ conversationId }) => topics.conversations.restore(conversationId),

  'chat.watch': ({ conversationId }, emit) => topics.chat.watch(conversationId, emit),
  'chat.send': async ({ conversationId, text }) => ({
    conversationId: await topics.chat.send(conversationId, text),
  }),
  'chat.regenerate': async ({ conversationId }) => {
    await topics.chat.regenerate(conversationId);
    return {};
  },
  'chat.restoreAnswer': async ({ conversationId }) => {
    await topics.chat.restoreAnswer(conversationId);
    return {};
  },
  'chat.stop': ({ conversationId }) => {
    topics.chat.stop(conversationId);
    return {};
  },

  'model.watch': (_input, emit) => topics.model.watch(emit),
  'model.load': () => {
    void topics.model.load(() => topics.chat.stopInWorker()); // how it goes is what model.watch tells
    return {};
  },

  ...libraryHandlers(topics.library),

  'settings.watch': (_input, emit) => topics.settings.watch(emit),
  'settings.change': (change) => topics.settings.change(change),

  'system.hardware': () => readHardware(topics.host, topics.library.folder),
  'system.proveGpu': ({ isForced }) => topics.proveGpu(isForced),
  'system.openLink': async ({ url }) => ({ opened: await topics.openLink(url) }),
  'system.about': () => topics.about(),
});
