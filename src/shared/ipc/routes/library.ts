import { z } from 'zod';
import { LibraryState, ModelId, SourceCheck } from '../../library';
import { Verdict } from '../../verdict';
import { Device, Precision } from '../../precision';
import { call, stream } from '../define';

const empty = z.object({});
const modelId = z.object({ modelId: ModelId });

export const libraryRoutes = {
  /** All models, those that could be had included: at once, and again after each change, at most a few times a second. */
  'library.watch': stream({ input: empty, event: LibraryState }),
  /** Fetches a catalog model in the background and prepares it meanwhile. How it goes is what library.watch tells. */
  'library.install': call({
    input: modelId.extend({
      precision: Precision,
      device: Device,
      keepsOriginals: z.boolean(),
      acceptsLicence: z.literal(true),
    }),
    output: empty,
  }),
  'library.pause': call({ input: modelId, output: empty }),
  'library.resume': call({ input: modelId, output: empty }),
  /** Ends an installation and deletes what it fetched. */
  'library.cancel': call({ input: modelId, output: empty }),
  /** Reads an installed model against its hashes, and fetches again what is damaged. */
  'library.repair': call({ input: modelId, output: empty }),
  /** Deletes the files that Deskmate wrote for a model. A folder of the user's is only forgotten. */
  'library.remove': call({ input: modelId, output: empty }),
  /** Makes it the model that answers. */
  'library.choose': call({ input: modelId, output: empty }),
  /** Asks for a checkpoint folder and takes it in, where it lies or as a copy. Null when the user chose none. */
  'library.import': call({
    input: z.object({ isCopied: z.boolean() }),
    output: z.object({ modelId: ModelId }).nullable(),
  }),
  /** Asks for a folder and moves all models there. */
  'library.moveFolder': call({ input: empty, output: empty }),
  /** Ends a move; everything is where it was before. Once the new folder counts, the move comes to its end instead. */
  'library.cancelMove': call({ input: empty, output: empty }),
  /** Asks every source for a byte of a model: a source that has one may lack another. */
  'library.checkSources': call({ input: modelId, output: z.array(SourceCheck) }),
  /** How a model would run here in every way there is, best first. */
  'library.verdicts': call({ input: modelId, output: z.array(Verdict) }),
};
