/** At the door: who lives there, what they agree to, who looked. Entered without a network, seen by the office once there is one. */
import { expect, expectConfirmed, expectOffline, goTo, syncMaxMs, test } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';

test('[RS1, RS3, RS5, VS6, PT3] a resident is entered offline with a consent, shown only on asking, and the office sees who looked and what was withdrawn', async ({ town }) => {
  test.setTimeout(150_000);
  const worker = await town.seated('sb-grid1');
  await goTo(worker, '走访');
  const door = await nextDoor(worker);
  await town.stop();
  await worker.goto(door.address);
  await expectOffline(worker);
  await worker.getByRole('link', { name: '登记居民' }).click();

  // Pressed too early it says what is missing, and a number without its consent is not taken.
  await worker.getByRole('button', { name: '保存', exact: true }).click();
  await expect(worker.getByText('没有同意登记，就不能写下这个人')).toBeVisible();
  await expect(worker.getByText('请写称呼')).toBeVisible();
  await answer(worker, '本人同意什么？', '登记在册').click();
  await answer(worker, '怎么同意的？', '口头').click();
  await worker.getByRole('textbox', { name: '怎么称呼？' }).fill('诸葛春梅');
  await worker.getByRole('textbox', { name: '电话' }).fill('138 1234 5678');
  await worker.getByRole('button', { name: '保存', exact: true }).click();
  await expect(worker.getByText('要先征得本人同意，才能记下这一项')).toBeVisible();

  // A kill loses nothing of a half-written form.
  await worker.reload();
  await expect(worker.getByRole('textbox', { name: '怎么称呼？' })).toHaveValue('诸葛春梅');
  await answer(worker, '本人同意什么？', '电话联系').click();
  await worker.getByRole('button', { name: '保存', exact: true }).click();
  await expect(worker.getByRole('heading', { name: '诸**', level: 1 })).toBeVisible();
  await expect(worker.getByText('138****5678')).toBeVisible();
  await expect(worker.getByText('诸葛春梅')).toHaveCount(0);
  const address = new URL(worker.url()).pathname;

  await worker.getByRole('button', { name: '显示姓名和电话' }).click();
  await expect(worker.getByText('诸葛春梅')).toBeVisible();
  await expect(worker.getByRole('link', { name: '拨打' })).toHaveAttribute('href', 'tel:13812345678');
  await expect(worker.getByRole('region', { name: '谁看过' }).getByRole('listitem')).toHaveCount(2);
  await worker.getByRole('button', { name: '加标签' }).click();
  await answer(worker, '哪一种？', '独居').click();
  await worker.getByRole('textbox', { name: '理由' }).fill('儿女在外地');
  await worker.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(worker.getByText('儿女在外地')).toBeVisible();
  // The next who opens it finds it masked again.
  await worker.reload();
  await expect(worker.getByText('138****5678')).toBeVisible();
  await expect(worker.getByText('诸葛春梅')).toHaveCount(0);
  await goTo(worker, '居民');
  await worker.getByRole('textbox', { name: '找居民' }).fill('zgcm');
  await expect(worker.getByRole('list', { name: '居民' }).getByRole('link')).toHaveCount(1, { timeout: syncMaxMs });
  await expect(worker.getByRole('list', { name: '居民' }).getByRole('link')).toHaveText(/诸\*\*/, { timeout: syncMaxMs });

  // Entered a second time at the same door, by ear: said, and still masked.
  await worker.goto(`/residents/new?household=${door.address.split('/').at(-1) ?? ''}`);
  await worker.getByRole('textbox', { name: '怎么称呼？' }).fill('诸葛椿梅');
  await expect(worker.getByRole('link', { name: '诸**（读音一样或相近、同一户）' })).toHaveAttribute('href', address);

  await town.start();
  await worker.goto(address);
  await expectConfirmed(worker);
  const office = await town.seated('sb-super');
  await office.goto(address);
  await expect(office.getByText('杨敏 看了电话')).toBeVisible();
  await expect(office.getByText('诸葛春梅')).toHaveCount(0);
  await office.getByRole('listitem').filter({ hasText: '电话联系' }).getByRole('button', { name: '撤回' }).click();
  await office.getByRole('dialog').getByRole('button', { name: '撤回' }).click();
  await expect(office.getByText('没有留电话')).toBeVisible();
  await expectConfirmed(office);
  await expect(worker.getByText('没有留电话')).toBeVisible({ timeout: 30_000 });

  // A stairwell without light is written down once, and taken back as one.
  await goTo(worker, '走访');
  await worker.getByRole('button', { name: /^整单元一起记：/ }).first().click();
  const stairwell = worker.getByRole('dialog');
  await expect(stairwell.getByRole('checkbox', { checked: true })).not.toHaveCount(0);
  const doors = await stairwell.getByRole('checkbox', { checked: true }).count();
  await stairwell.getByRole('button', { name: '保存' }).click();
  await expect(stairwell.getByText('这里要填')).toBeVisible();
  await answer(worker, '结果怎样？', '未遇').click();
  await stairwell.getByRole('button', { name: '保存' }).click();
  await expect(worker.getByText(`已记下 ${doors} 户：未遇`)).toBeVisible();
  await worker.getByRole('button', { name: '撤销' }).click();
  await expectConfirmed(worker);

  const leader = await town.seated('sb-lead1');
  await leader.goto(address);
  await expect(leader.getByText('这台平板上没有这位居民。')).toBeVisible();
});
