import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../scripts/project';

type Golden = {
  readonly prompts: readonly {
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly greedy_text: string;
  }[];
};

// The file that the unit tests compare logits with; its fields are the reference's.
const golden = JSON.parse(
  readFileSync(path.join(projectRoot, 'src', 'worker', 'golden', 'demoModel.json'), 'utf8'),
) as Golden;

/** What the reference implementation answers to a message where it takes the likeliest token each time, or how that begins. */
export function goldenAnswer(message: string): string {
  const prompt = golden.prompts.find(({ messages }) => messages.at(-1)?.content === message);
  if (prompt === undefined) throw new Error(`The reference was not asked: ${message}`);
  return prompt.greedy_text;
}
