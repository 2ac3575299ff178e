import type { Locator } from '@playwright/test';
import { answerText, ask, inferenceProcessId, messages, modelReady, sendToMidAnswer } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect, takeScreenshot, test, type RunningApp } from './launchApp';
import { PausedProcess } from './pausedProcess';

test.skip(process.platform === 'win32', 'Windows cannot pause a process');

const story = '给我讲一个年轻人奋斗创业最终取得成功的故事。';
const capital = 'What is the capital of Japan?';

/** Sends the story, does `work` while its answer stands still in the middle, and lets the model go on. */
async function inMidAnswer<T>(app: RunningApp, work: (answer: Locator) => Promise<T>): Promise<T> {
  await modelReady(app.window);
  const worker = new PausedProcess(await inferenceProcessId(app));
  try {
    return await work(await sendToMidAnswer(app.window, worker, story));
  } finally {
    worker.resume();
  }
}

test('Stop ends an answer, keeps what is written, and the next message works', async ({ desk }) => {
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  const answer = await inMidAnswer(app, async (answer) => {
    await window.locator('[data-stop]').click();
    return answer;
  });
  await expect(answer).toHaveAttribute('data-state', 'stopped');
  expect((await answerText(answer).innerText()).length).toBeGreaterThan(1);
  await takeScreenshot(window, 'stopped-en');
  expect(await ask(window, capital)).toContain('Tokyo');
});

test('a window that is reloaded in mid-answer sees the rest of it', async ({ desk }) => {
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  const before = await inMidAnswer(app, async (answer) => {
    const text = await answerText(answer).innerText();
    await window.reload();
    await expect(messages(window).nth(1)).toHaveAttribute('data-state', 'streaming');
    await expect(answerText(messages(window).nth(1))).toContainText(text.trim().slice(0, 12));
    return text.trim();
  });
  await expect(messages(window)).toHaveCount(2);
  const answer = messages(window).nth(1);
  await expect(answer).toHaveAttribute('data-state', 'done');
  const whole = await answerText(answer).innerText();
  expect(whole.startsWith(before)).toBe(true);
  expect(whole.length).toBeGreaterThan(before.length);
});

test('when the inference process is killed the text stays, the cause is said, and the next message works', async ({
  desk,
}) => {
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  await modelReady(window);
  const processId = await inferenceProcessId(app);
  await inMidAnswer(app, async (answer) => {
    process.kill(processId, 'SIGKILL');
    await expect(answer).toHaveAttribute('data-state', /error|interrupted/);
    await expect(answer.getByRole('alert')).toContainText('inference process');
    expect((await answerText(answer).innerText()).length).toBeGreaterThan(1);
  });
  await takeScreenshot(window, 'killed-en');
  expect(await ask(window, capital)).toContain('Tokyo');
  expect(await inferenceProcessId(app)).not.toBe(processId);
});

test('when the inference process is killed before it writes anew, the old answer is back and says why', async ({
  desk,
}) => {
  const app = await desk.launch({ language: 'en' });
  const { window } = app;
  const text = await ask(window, capital);
  const processId = await inferenceProcessId(app);
  process.kill(processId, 'SIGSTOP');
  const answer = messages(window).nth(1);
  await answer.hover();
  await answer.getByRole('button', { name: 'Write anew' }).click();
  await expect(answer).toHaveAttribute('data-state', 'streaming');
  process.kill(processId, 'SIGKILL');
  await expect(answer).toHaveAttribute('data-state', 'done');
  await expect(answerText(answer)).toHaveText(text);
  await expect(answer.getByRole('alert')).toContainText('No new answer came about, so the earlier one is back');
  await expect(answer.getByRole('alert')).toContainText('inference process');
  await expect(window.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await modelReady(window);
  await takeEveryLook(window, 'not-replaced');
  await answer.getByRole('button', { name: 'Try again' }).click();
  await expect(answer.getByRole('alert')).toHaveCount(0);
  await expect(answer).toHaveAttribute('data-state', 'done');
});

test('when the whole app is killed, the next start has the text so far and says what happened', async ({ desk }) => {
  const first = await desk.launch({ language: 'en' });
  const before = await inMidAnswer(first, async (answer) => {
    const text = await answerText(answer).innerText();
    await first.window.waitForTimeout(500); // what is stored may be 250 ms behind
    process.kill(first.electron.process().pid!, 'SIGKILL'); // a running process has an id
    return text;
  });
  const { window } = await desk.launch({ language: 'en' });
  await window.locator('[data-conversation]').first().click();
  await expect(messages(window)).toHaveCount(2);
  const kept = messages(window).nth(1);
  await expect(kept).toHaveAttribute('data-state', 'interrupted');
  await expect(kept).toContainText('Interrupted');
  const text = (await answerText(kept).innerText()).trim();
  expect(text).not.toBe('');
  expect(before.startsWith(text)).toBe(true);
  expect(await ask(window, capital)).toContain('Tokyo');
});
