import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AnswerJournal } from './answerJournal';

let stored: string;
let isFull: boolean;
let failures: unknown[];
let journal: AnswerJournal;
beforeEach(() => {
  vi.useFakeTimers();
  [stored, isFull, failures] = ['', false, []];
  const save = async (text: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (isFull) throw new Error('full');
    stored += text;
  };
  journal = new AnswerJournal(save, (error) => failures.push(error));
});
afterEach(() => void vi.useRealTimers());

test('text that could not be stored is stored with the next, in order and without a gap', async () => {
  isFull = true;
  for (let token = 0; token < 100; token++) {
    journal.add(`${token} `, 1);
    await vi.advanceTimersByTimeAsync(3);
  }
  expect(failures.length).toBeGreaterThan(0);
  expect(stored).toBe('');
  isFull = false;
  for (let token = 100; token < 200; token++) {
    journal.add(`${token} `, 1);
    await vi.advanceTimersByTimeAsync(3);
  }
  await vi.advanceTimersByTimeAsync(500);
  expect(stored).toBe(Array.from({ length: 200 }, (_each, token) => `${token} `).join(''));
});

test('once closed it saves no more', async () => {
  journal.add('late', 1);
  journal.close();
  journal.add('later', 40);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(stored).toBe('');
});
