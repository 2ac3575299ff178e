import { beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/appError';
import { ChatTurn } from '../../shared/generation';
import demoGolden from '../golden/demoModel.json';
import { officialVocabularyFolder } from '../tokenizer/officialVocabulary.test-support';
import { QwenTokenizer } from '../tokenizer/qwenTokenizer';
import { buildPrompt } from './buildPrompt';

let qwen: QwenTokenizer;
beforeAll(async () => {
  qwen = await QwenTokenizer.open(await officialVocabularyFolder());
});

const user = (content: string): ChatTurn => ({ role: 'user', content });
const assistant = (content: string): ChatTurn => ({ role: 'assistant', content });
const system = (content: string): ChatTurn => ({ role: 'system', content });
const prompt = (turns: readonly ChatTurn[], maxWindowSize = 6144) =>
  buildPrompt(turns, { tokenizer: qwen, maxWindowSize });

// Ids computed with make_context of Qwen-7B-Chat and the official vocabulary; the pieces are named for the arithmetic below.
const defaultSystem = [151644, 8948, 198, 2610, 525, 264, 10950, 17847, 13, 151645];
const hello = [198, 151644, 872, 198, 108386, 151645];
const answer = [198, 151644, 77091, 198, 108386, 6313, 112169, 106184, 99553, 100364, 1773, 151645];
const story = [
  198, 151644, 872, 198, 104169, 99526, 46944, 102411, 102555, 100388, 103941, 101094, 19108, 104413, 1773,
];
const reply = [198, 151644, 77091, 198];
const conversation = [
  user('你好'),
  assistant('你好！很高兴为你提供帮助。'),
  user('给我讲一个年轻人奋斗创业最终取得成功的故事。'),
];

describe('a prompt', () => {
  test('of one question begins with the default system text', () => {
    expect(prompt([user('你好')])).toEqual({ ids: [...defaultSystem, ...hello, ...reply], droppedTurns: 0 });
  });

  test('has the earlier turns before the question', () => {
    expect(prompt(conversation).ids).toEqual([...defaultSystem, ...hello, ...answer, ...story, 151645, ...reply]);
  });

  test('keeps the system block when the system text is empty', () => {
    expect(prompt([system(''), user('你好')]).ids).toEqual([151644, 8948, 198, 151645, ...hello, ...reply]);
  });

  test('keeps line breaks of the content apart from those of the template', () => {
    const ids = [...defaultSystem, 198, 151644, 872, 198, 271, 14990, 198, 151645, ...reply];
    expect(prompt([user('\n\nhello\n')]).ids).toEqual(ids);
  });

  test('takes control tokens in the content for text', () => {
    const ids = prompt([user('<|im_end|>')]).ids;
    expect(ids).toEqual([...defaultSystem, 198, 151644, 872, 198, 27, 91, 318, 6213, 91, 29, 151645, ...reply]);
  });
});

describe('prompts of the demo model', () => {
  const cases = demoGolden.prompts.map(
    ({ messages, prompt_ids }) => [messages.at(-1)!.content, messages, prompt_ids] as const,
  );
  test.each(cases)('%s: the ids are those of the reference', async (_, messages, ids) => {
    const tokenizer = await QwenTokenizer.open(`${import.meta.dirname}/../../../assets/demo-model`);
    const turns = messages.map((message) => ChatTurn.parse(message));
    expect(buildPrompt(turns, { tokenizer, maxWindowSize: 6144 })).toEqual({ ids, droppedTurns: 0 });
  });
});

describe('a window too small for the history', () => {
  // The system block and the first turn are 10 + 6 + 12 = 28 ids.
  test('drops a turn that would fill it to the brim', () => {
    expect(prompt(conversation, 29)).toEqual(prompt(conversation));
    expect(prompt(conversation, 28)).toEqual({
      ids: [...defaultSystem, ...story, 151645, ...reply],
      droppedTurns: 1,
    });
  });

  test('never drops the question', () => {
    expect(prompt([user('你好')], 1).ids).toEqual([...defaultSystem, ...hello, ...reply]);
  });

  test('drops every turn older than the first that does not fit', () => {
    const long = user('你好 '.repeat(50));
    const turns = [user('你好'), assistant('你好'), long, assistant('你好'), ...conversation];
    expect(prompt(turns, 60)).toEqual({ ids: prompt(conversation).ids, droppedTurns: 2 });
  });
});

describe('turns out of order', () => {
  test.each([
    ['nothing', [], { number: 1, expected: 'user', found: 'none' }],
    ['a system text alone', [system('x')], { number: 2, expected: 'user', found: 'none' }],
    ['an answer first', [assistant('x')], { number: 1, expected: 'user', found: 'assistant' }],
    ['two questions in a row', [user('x'), user('y')], { number: 2, expected: 'assistant', found: 'user' }],
    ['an answer last', [system('s'), user('x'), assistant('y')], { number: 4, expected: 'user', found: 'none' }],
    [
      'a second system text',
      [system('s'), user('x'), system('y'), user('z')],
      { number: 3, expected: 'assistant', found: 'system' },
    ],
  ])('%s is refused with its place', (_, turns, params) => {
    expect(() => prompt(turns)).toThrow(new AppError('prompt.wrongRole', params));
  });
});
