import path from 'node:path';
import type { QwenConfig } from '../checkpoint/qwenConfig';
import { replaceFile } from './durable';
import { graphOf, readGraph, writeGraph } from './graphFile';
import type { Journal } from './journal';
import { tensorsOf, type PlannedFile, type PlanSource } from './planFiles';
import type { PreparedFolder } from './preparedFolder';
import { manifestFileName, PreparedManifest, type PreparedIdentity } from './preparedManifest';

type Made = {
  readonly plan: readonly PlannedFile[];
  readonly identity: PreparedIdentity;
  /** Knows all files of the plan. */
  readonly journal: Journal;
  readonly graph: Uint8Array;
  readonly config: QwenConfig;
  readonly checkpointFolder: string | null;
};

/** Makes a folder whole: all its weights are there. */
export async function finishFolder(folder: string, made: Made): Promise<PreparedFolder> {
  const prepared = await writeWhole({ folder, manifest: manifestOf(made) }, made);
  await made.journal.remove();
  return prepared;
}

/** Gives a whole folder the graph where it has none, or not the one that it should have, and the checkpoint's place where that is
 *  given. Its weights stay. */
export async function completeFolder(
  { folder, manifest }: PreparedFolder,
  source: PlanSource & { readonly checkpointFolder: string | null },
): Promise<PreparedFolder> {
  const checkpointFolder = source.checkpointFolder ?? manifest.checkpointFolder;
  const named = { folder, manifest: { ...manifest, checkpointFolder } };
  const graph = await readGraph(named, source.config);
  if (graph !== null && checkpointFolder === manifest.checkpointFolder) return named;
  return writeWhole(named, { graph: graph ?? graphOf(source, manifest), config: source.config });
}

type Ending = { readonly graph: Uint8Array; readonly config: QwenConfig };

async function writeWhole(prepared: PreparedFolder, ending: Ending): Promise<PreparedFolder> {
  const { folder } = prepared;
  // Parsed, its keys have one order however it came about, and the same weights give the same bytes.
  const manifest = PreparedManifest.parse(await writeGraph(prepared, ending));
  await replaceFile(path.join(folder, manifestFileName), JSON.stringify(manifest));
  return { folder, manifest };
}

/** The order is the plan's, whichever file was made first. */
function manifestOf({ plan, identity, journal, checkpointFolder }: Made): PreparedManifest {
  const files = plan.flatMap(({ job: { file, byteLength } }) => {
    const made = journal.madeFile(file);
    return made ? [[file, { byteLength, ...made }] as const] : [];
  });
  return { identity, files: Object.fromEntries(files), tensors: tensorsOf(plan), graph: null, checkpointFolder };
}
