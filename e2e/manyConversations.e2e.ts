import { ask, answerText, lastAnswer, messages } from './deskPage';
import { takeEveryLook } from './everyLook';
import { expect, test } from './launchApp';
import { storeConversations } from './manyConversations';

test('three thousand conversations are at hand by wheel and keyboard, and a new answer is on top of them', async ({
  desk,
}) => {
  await storeConversations(desk.profile, 3_000);
  const { window } = await desk.launch({ language: 'en' });
  const list = window.getByRole('navigation', { name: 'Conversations' });
  const row = (number: number) => list.getByRole('button', { name: `Talk ${number}`, exact: true });
  await expect(row(1)).toBeVisible();
  expect(await list.getByRole('listitem').count()).toBeLessThan(100);

  await row(1).focus();
  await row(1).press('End');
  await expect(row(3_000)).toBeFocused();
  await expect(row(3_000)).toBeInViewport();
  await row(3_000).press('ArrowUp');
  await row(2_999).press('Enter');
  await expect(answerText(lastAnswer(window))).toHaveText('Answer 2999');
  expect(await list.getByRole('listitem').count()).toBeLessThan(100);
  await takeEveryLook(window, 'many-conversations');

  await row(2_999).press('Delete');
  await expect(row(2_999)).toHaveCount(0);
  await expect(row(3_000)).toBeFocused();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(row(2_999)).toBeInViewport();

  await expect(messages(window)).toHaveCount(2);
  expect(await ask(window, 'What is the capital of Japan?')).toContain('Tokyo');
  await list.evaluate((element) => element.scrollTo({ top: 0 }));
  await expect(list.getByRole('listitem').first()).toContainText('Talk 2999');
  await expect(list.getByRole('heading').first()).toHaveText('Today');
  await list.hover();
  await window.mouse.wheel(0, 200_000);
  await expect(row(2_990)).toBeInViewport();
  await expect(row(1)).toHaveCount(0);
});
