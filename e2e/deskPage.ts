import type { Locator, Page } from '@playwright/test';
import type { Device, PrecisionSetting } from '../src/shared/precision';
import { expect, type RunningApp } from './launchApp';
import type { PausedProcess } from './pausedProcess';

export const messages = (window: Page): Locator => window.getByTestId('message');
export const lastAnswer = (window: Page): Locator =>
  messages(window).and(window.locator('[data-role=assistant]')).last();
export const composer = (window: Page): Locator => window.locator('#composer');
export const answerText = (answer: Locator): Locator => answer.locator('.markdown');
const provenance = (answer: Locator): Locator => answer.getByTestId('provenance');

/** Waits until the model can answer. */
export async function modelReady(window: Page): Promise<void> {
  await expect(window.getByTestId('model-chip')).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
}

/** Sends a message and returns once its answer has begun; resolves to the answer. */
export async function send(window: Page, text: string): Promise<Locator> {
  await modelReady(window);
  const before = await messages(window).count();
  await composer(window).fill(text);
  await composer(window).press('Enter');
  await expect(messages(window)).toHaveCount(before + 2);
  return messages(window).nth(before + 1);
}

/** Sends a message and returns its whole answer, which must have ended by itself. */
export async function ask(window: Page, text: string): Promise<string> {
  const answer = await send(window, text);
  await expect(answer).toHaveAttribute('data-state', 'done', { timeout: 120_000 });
  return (await answerText(answer).innerText()).trim();
}

/** Sends a message and returns its answer with the computing process paused when a line of it, not all, can be read. Where a
 *  slice was so long that the whole answer fitted in, it is written anew. */
export async function sendToMidAnswer(window: Page, worker: PausedProcess, text: string): Promise<Locator> {
  const answer = await send(window, text);
  for (let slices = 0; slices < 400; slices++) {
    await worker.runFor(3);
    await window.waitForTimeout(100); // what was sent before the pause arrives
    const isStreaming = (await answer.getAttribute('data-state')) === 'streaming';
    if (isStreaming && (await answerText(answer).innerText()).trim().length >= 12) return answer;
    if (isStreaming) continue;
    await answer.hover();
    await answer.getByRole('button', { name: 'Write anew' }).click();
    await expect(answer).toHaveAttribute('data-state', 'streaming');
  }
  throw new Error('the answer was never seen in the middle');
}

/** Chooses precision and device in Settings, and waits until the model runs so. */
export async function choose(
  window: Page,
  { precision, device }: { precision: PrecisionSetting; device: Device },
): Promise<void> {
  await window.getByTestId('model-chip').click();
  const settings = window.locator('dialog.settings');
  await pick(settings, device);
  await settings.locator(`[data-precision=${precision}]`).click();
  await expect(settings.locator(`[data-precision=${precision}]`)).toHaveAttribute('aria-checked', 'true');
  await expect(settings.getByTestId('model-now')).toHaveAttribute('data-state', 'ready', { timeout: 120_000 });
  await window.keyboard.press('Escape');
  await expect(settings).toBeHidden();
}

/** Chooses one of a few short options, by keyboard: what is still being found out may move it away under a mouse. It shows as chosen
 *  once main has stored it. */
export async function pick(settings: Locator, value: string): Promise<void> {
  const radio = settings.locator(`input[type=radio][value="${value}"]`);
  await radio.press(' ');
  await expect(radio).toBeChecked();
}

/** What stands under an answer: precision, device, tokens, speed. */
export const provenanceOf = (answer: Locator): Promise<string> => provenance(answer).innerText();

/** What the details of an answer tell. */
export async function factsOf(answer: Locator): Promise<string> {
  const button = answer.getByRole('button', { name: 'Details' });
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  return answer.getByTestId('answer-details').locator('dl').innerText();
}

/** The process that computes, as Electron itself lists it. */
export async function inferenceProcessId({ electron }: RunningApp): Promise<number> {
  const ids = await electron.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ serviceName }) => serviceName === 'node.mojom.NodeService')
      .map(({ pid }) => pid),
  );
  expect(ids).toHaveLength(1);
  return ids[0]!; // the line above
}
