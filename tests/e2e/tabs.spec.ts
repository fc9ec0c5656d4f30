/** One tablet, several windows: what one saves the other shows, and either can go. */
import { badge, expect, expectConfirmed, goTo, test } from './fixtures.ts';
import { nextDoor, writeVisit } from './fieldwork.ts';

test('[TB1, TB2] a save in one tab shows in the other, which goes on saving when the first is closed', async ({ town }) => {
  const first = await town.seated('sb-grid1');
  await goTo(first, '走访');
  const door = await nextDoor(first);
  const second = await first.context().newPage();
  await second.goto(door.address);
  const earlier = second.getByRole('region', { name: '以前的走访' }).getByRole('listitem');
  await expect(earlier.first()).toBeVisible();

  await writeVisit(first, '第一个窗口写的');
  await expect(earlier.filter({ hasText: '第一个窗口写的' })).toHaveCount(1);

  await first.close();
  await goTo(second, '走访');
  const next = await writeVisit(second, '第二个窗口接着写的');
  await expectConfirmed(second);
  await second.goto(next.address);
  await expect(earlier.filter({ hasText: '第二个窗口接着写的' })).toHaveCount(1);
  await expect(badge(second)).toContainText('全部已确认');

  const elsewhere = await town.seated('sb-super');
  for (const [address, words] of [[door.address, '第一个窗口写的'], [next.address, '第二个窗口接着写的']] as const) {
    await elsewhere.goto(address);
    await expect(elsewhere.getByText(words)).toBeVisible();
  }
});
