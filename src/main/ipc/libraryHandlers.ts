import type { ModelId } from '../../shared/library';
import type { ModelLibrary } from '../library/modelLibrary';
import type { Handlers } from './router';

type LibraryRoute = Extract<keyof Handlers, `library.${string}`>;

/** The routes of the library and the one function each calls; no logic. */
export function libraryHandlers(library: ModelLibrary): Pick<Handlers, LibraryRoute> {
  /** How it goes is what library.watch tells; the answer says only that it is on its way. */
  const after =
    (act: (modelId: ModelId) => Promise<void>) =>
    async ({ modelId }: { modelId: ModelId }) => {
      await act(modelId);
      return {};
    };
  return {
    'library.watch': (_input, emit) => library.watch(emit),
    'library.install': async ({ modelId, precision, device, keepsOriginals }) => {
      await library.install({ modelId, precision, device, keepsOriginals });
      return {};
    },
    'library.pause': after((modelId) => library.pause(modelId)),
    'library.resume': after((modelId) => library.resume(modelId)),
    'library.cancel': after((modelId) => library.cancel(modelId)),
    'library.repair': after((modelId) => library.repair(modelId)),
    'library.remove': after((modelId) => library.remove(modelId)),
    'library.choose': after((modelId) => library.choose(modelId)),
    'library.import': async ({ isCopied }) => {
      const modelId = await library.importFolder(isCopied);
      return modelId === null ? null : { modelId };
    },
    'library.moveFolder': async () => {
      await library.moveFolder();
      return {};
    },
    'library.cancelMove': async () => {
      await library.cancelMove();
      return {};
    },
    'library.checkSources': ({ modelId }) => library.checkSources(modelId),
    'library.verdicts': ({ modelId }) => library.verdicts(modelId),
  };
}
