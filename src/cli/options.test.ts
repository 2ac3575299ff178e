import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../shared/appError';
import { readOptions } from './options';

const read = (...args: string[]) => readOptions(args, { model: 'value', seed: 'value', greedy: 'flag' });
const problem = (text: string) => new AppError('cli.usage', { problem: text });

describe('options', () => {
  test('have a value after a blank or an equals sign, or none', () => {
    const options = read('--model', 'a b', '--seed=-5', '--greedy');
    expect(options.required('model')).toBe('a b');
    expect(options.number('seed', z.int())).toBe(-5);
    expect(options.has('greedy')).toBe(true);
    expect(read().has('greedy')).toBe(false);
    expect(read('--seed', '-5').number('seed', z.int())).toBe(-5);
  });

  test.each([
    [['--model'], '--model needs a value'],
    [['--model', '--seed', '1'], '--model needs a value'],
    [['--greedy=yes'], '--greedy takes no value'],
    [['--speed', '1'], 'there is no option --speed'],
    [['--constructor'], 'there is no option --constructor'],
    [['-m', 'x'], 'there is no option -m'],
    [['more'], '"more" is one argument too many'],
    [['--', '--greedy'], '"--greedy" is one argument too many'],
  ])('%j is refused with a sentence', (args, text) => {
    expect(() => read(...args)).toThrow(problem(text));
  });

  test('are missed by name', () => {
    expect(() => read().required('model')).toThrow(problem('--model is missing'));
    expect(() => read().oneOf('model', z.enum(['a', 'b']))).toThrow(problem('--model is missing'));
  });
});

describe('a number', () => {
  test('may be left out', () => {
    expect(read().number('seed', z.int())).toBeUndefined();
  });

  test.each([['0.8'], ['1e-3'], ['-2']])('may be written %s', (text) => {
    expect(read('--seed', text).number('seed', z.number())).toBe(Number(text));
  });

  test.each(['many', '', ' 1', '0x10', 'Infinity', 'NaN', '1_000'])('is not %j', (text) => {
    expect(() => read(`--seed=${text}`).number('seed', z.number())).toThrow(problem(`--seed ${text} is not a number`));
  });

  test('outside its bounds is refused with them', () => {
    expect(() => read('--seed', '0').number('seed', z.int().positive())).toThrow(/--seed 0 is wrong: .*>0/);
    expect(() => read('--seed', '1.5').number('seed', z.int())).toThrow(/--seed 1.5 is wrong: expected int/);
  });
});

test('a word is one of those there are', () => {
  const device = z.enum(['cpu', 'gpu']);
  expect(read('--model', 'gpu').oneOf('model', device)).toBe('gpu');
  expect(() => read('--model', 'tpu').oneOf('model', device)).toThrow(/--model tpu is wrong: .*cpu.*gpu/);
});
