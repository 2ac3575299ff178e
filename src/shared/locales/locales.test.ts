import { expect, test } from 'vitest';
import { errorCodes } from '../appError';
import { ChoiceReason } from '../model';
import { Verdict, VerdictReason } from '../verdict';
import { en } from './en';
import { zhCN } from './zhCN';

const languages: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['en', en],
  ['zh-CN', zhCN],
];

const parametersOf = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole).sort();

test('both languages have the same keys in the same order', () => {
  expect(Object.keys(zhCN)).toEqual(Object.keys(en));
});

test.each(Object.keys(en))('%s takes the same parameters in both languages', (key) => {
  const [inEnglish = '', inChinese = ''] = languages.map(([, texts]) => texts[key]);
  expect(parametersOf(inChinese)).toEqual(parametersOf(inEnglish));
});

test.each(languages)('%s words every error and every reason there is, and leaves nothing empty', (_language, texts) => {
  for (const code of errorCodes) expect(texts[`errors.${code}`], code).toBeTruthy();
  for (const reason of ChoiceReason.options) expect(texts[`choice.${reason}`], reason).toBeTruthy();
  for (const word of [...Verdict.shape.verdict.options, ...VerdictReason.options])
    expect(texts[`verdict.${word}`], word).toBeTruthy();
  for (const [key, text] of Object.entries(texts)) expect(text.trim(), key).not.toBe('');
});

test('Chinese sentences use Chinese punctuation', () => {
  for (const [key, text] of Object.entries(zhCN))
    expect(text, key).not.toMatch(/\p{Script=Han}[,;:?!](?!\d)|\p{Script=Han}\.$/u);
});
