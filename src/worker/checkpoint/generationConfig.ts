import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/appError';
import { codeOf, readRegularFile } from './regularFile';

export const generationConfigFile = 'generation_config.json';

/** How a checkpoint wants to be sampled, and how many tokens of history its prompts hold. */
export type GenerationConfig = {
  readonly doSample: boolean;
  readonly temperature: number;
  readonly topP: number;
  /** 0 is off. */
  readonly topK: number;
  readonly repetitionPenalty: number;
  readonly maxNewTokens: number;
  readonly maxWindowSize: number;
};

/** generation_config.json of Qwen-7B-Chat since November 2023, for a folder without the file. */
const qwen7bChat: GenerationConfig = {
  doSample: true,
  temperature: 1,
  topP: 0.8,
  topK: 0,
  repetitionPenalty: 1.1,
  maxNewTokens: 512,
  maxWindowSize: 24_000,
};

/** The file's own names. A key left out is off; the window's 6,144 is the one built into the code of the first releases, whose files lack
 *  the key. Other keys are none of our business. */
const File = z
  .object({
    do_sample: z.boolean().default(true),
    temperature: z.number().positive().default(1),
    top_p: z.number().min(0).max(1).default(1),
    top_k: z.int().min(0).default(0),
    repetition_penalty: z.number().positive().default(1),
    max_new_tokens: z.int().positive().default(512),
    max_window_size: z.int().positive().default(6144),
  })
  .transform((file): GenerationConfig => ({
    doSample: file.do_sample,
    temperature: file.temperature,
    topP: file.top_p,
    topK: file.top_k,
    repetitionPenalty: file.repetition_penalty,
    maxNewTokens: file.max_new_tokens,
    maxWindowSize: file.max_window_size,
  }));

/** Reads `generation_config.json` of a model folder, if it is there. Throws `checkpoint.invalidGenerationConfig`. */
export async function readGenerationConfig(modelFolder: string): Promise<GenerationConfig> {
  const bytes = await readRegularFile(join(modelFolder, generationConfigFile)).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    throw new AppError(
      'checkpoint.invalidGenerationConfig',
      { reason: `it cannot be read (${code})` },
      { cause: error },
    );
  });
  return bytes === null ? qwen7bChat : parseGenerationConfig(bytes.toString('utf8'));
}

export function parseGenerationConfig(text: string): GenerationConfig {
  const invalid = (reason: string, cause: unknown) =>
    new AppError('checkpoint.invalidGenerationConfig', { reason }, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  const parsed = File.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw invalid([...issue.path, issue.message].join(': '), parsed.error);
}
