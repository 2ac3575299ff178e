import type { Page } from '@playwright/test';
import { ask, choose, factsOf, lastAnswer, messages, modelReady, provenanceOf } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect, takeScreenshot, test } from './launchApp';

const names = { bf16: 'BF16', int8: 'Int8', nf4: 'NF4', int4: 'INT4' } as const;

test('every precision answers after it was chosen in Settings, on the CPU', async ({ desk }) => {
  const { window } = await desk.launch({ language: 'en' });
  await modelReady(window);
  for (const precision of ['bf16', 'int8', 'nf4', 'int4'] as const) {
    await choose(window, { precision, device: 'cpu' });
    expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
    const provenance = await provenanceOf(lastAnswer(window));
    expect(provenance).toContain(names[precision]);
    expect(provenance).toContain('CPU');
  }
  await takeScreenshot(window, 'precisions-en');
});

test('every precision of the GPU answers there', async ({ desk }) => {
  test.setTimeout(300_000);
  const { window } = await desk.launch({ language: 'en' });
  await modelReady(window);
  for (const precision of ['bf16', 'int8', 'nf4', 'int4'] as const) {
    await choose(window, { precision, device: 'gpu' });
    expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
    const provenance = await provenanceOf(lastAnswer(window));
    expect(provenance).toContain(names[precision]);
    expect(provenance).toContain('GPU');
  }
});

test('the choice is kept over a restart', async ({ desk }) => {
  const first = await desk.launch({ language: 'en' });
  await modelReady(first.window);
  await choose(first.window, { precision: 'nf4', device: 'cpu' });
  await first.quit();
  const { window } = await desk.launch({ language: 'en' });
  await modelReady(window);
  await expect(window.getByTestId('model-chip')).toContainText('NF4');
});

test('an answer goes on saying what wrote it, when another precision was chosen and after a restart', async ({
  desk,
}) => {
  const first = await desk.launch({ language: 'en', settings: { precision: 'bf16', device: 'cpu' } });
  await ask(first.window, 'What is the capital of Japan?');
  await choose(first.window, { precision: 'int4', device: 'cpu' });
  await ask(first.window, 'What is the capital of France?');
  const facts = async (window: Page) => [
    await factsOf(messages(window).nth(1)),
    await factsOf(messages(window).nth(3)),
  ];
  const told = await facts(first.window);
  expect(told[0]).toMatch(/Model\s+Demo model\s+Precision\s+BF16\s+Device\s+\S.+\(CPU\)/);
  expect(told[1]).toMatch(/Precision\s+INT4/);
  await takeEveryLook(first.window, 'details');
  await first.quit();
  const { window } = await desk.launch({ language: 'en' });
  await window.locator('[data-conversation]').first().click();
  await expect(messages(window)).toHaveCount(4);
  expect(await facts(window)).toEqual(told);
});
