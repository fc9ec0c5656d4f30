/** A need from the door where it was told to the resident's own word on how it went, over two tablets, one of them without a network. */
import type { Page } from '@playwright/test';
import { recordPath } from '../../src/client/queries/ref.ts';
import { idTimeMs } from '../../src/domain/kernel/ids.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { toldId } from '../../src/domain/needs/schema.ts';
import { expect, expectConfirmed, expectOffline, goTo, syncMaxMs, test, undoBar } from './fixtures.ts';
import { answer, nextDoor } from './fieldwork.ts';
import { axeFindings, settled, sideways, smallTargets } from './screens.ts';

const title = '想请人帮忙把米送上楼';
const words = '周婆婆说膝盖痛，五楼没有电梯，一袋米要歇三回';
const group = '双小柏志愿服务队';
const wide = { width: 1180, height: 820 };
const narrow = { width: 390, height: 844 };

/** What this page owes to people, wide and narrow. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await settled(page);
    faults.push(...(await axeFindings(page)), ...(await smallTargets(page)), ...(await sideways(page)));
  }
  return faults.map((fault) => `${page.url()} ${fault}`);
}

const detail = (page: Page) => page.getByRole('region', { name: '详情' });
const heading = (page: Page) => page.getByRole('heading', { name: title, level: 1 });
/** What is missing says why, to whoever asks. */
async function whyNot(page: Page, asked: string, said: string): Promise<void> {
  const note = page.locator('details', { has: page.locator('summary', { hasText: asked }) });
  await note.locator('summary').click();
  await expect(note.getByText(said)).toBeVisible();
}
const step = (page: Page, stage: string) => page.getByRole('listitem').and(page.locator('[aria-current="step"]')).filter({ hasText: stage });

test('[ND1, ND2, ND3, ND4] told offline, matched for a reason, served by a group that never learns the door, confirmed by the resident', async ({ town }) => {
  test.setTimeout(240_000);
  const [worker, leader] = await Promise.all([town.seated('sb-grid1'), town.seated('sb-lead1')]);
  await town.stop();
  await expectOffline(worker);

  // At the door: nothing chosen yet goes to the first gap, a number to call is refused, what was written stays.
  await goTo(worker, '走访');
  const door = await nextDoor(worker);
  await worker.getByRole('link', { name: /^去下一户：/ }).click();
  await worker.getByRole('link', { name: '记一条需求' }).click();
  await worker.getByRole('button', { name: '保存需求' }).click();
  await expect(worker.getByText('还有 2 处要填')).toBeVisible();
  expect(await faultsOf(worker)).toEqual([]);
  await answer(worker, '是哪一类？', '代办跑腿').click();
  const line = worker.getByRole('textbox', { name: '用一行字说，需要什么？' });
  await line.fill(`${title}，打 138 1234 5678`);
  await worker.getByRole('textbox', { name: '原话是怎么说的？' }).fill(words);
  await worker.getByRole('button', { name: '保存需求' }).click();
  await expect(worker.getByText('这一行大家都看得到，不能写姓名、门牌或电话')).toBeVisible();
  await worker.reload();
  await expect(worker.getByText('上次没写完的内容已经放回来了。')).toBeVisible();
  await expect(worker.getByRole('textbox', { name: '原话是怎么说的？' })).toHaveValue(words);
  await line.fill(title);
  await worker.getByRole('button', { name: '保存需求' }).click();

  // Saved here, and already here: who might help, with the reason.
  await expect(heading(worker)).toBeVisible();
  await expect(detail(worker).getByText('已保存').first()).toBeVisible();
  await expect(detail(worker).getByText(words)).toBeVisible();
  await expect(detail(worker).getByRole('link', { name: door.name.replace(/(\d+)单元 /, '$1-') })).toHaveAttribute('href', door.address);
  const offer = worker.getByRole('list', { name: '谁可能帮得上' }).getByRole('listitem').filter({ hasText: group });
  await expect(offer).toContainText('会做：助老送餐');
  expect(await faultsOf(worker)).toEqual([]);
  await worker.getByRole('button', { name: `请来办：${group}` }).click();
  await expect(step(worker, '已对接')).toBeVisible();
  await undoBar(worker).getByRole('button', { name: '撤销' }).click();
  await expect(step(worker, '待对接')).toBeVisible();
  await worker.getByRole('button', { name: `请来办：${group}` }).click();
  await expect(step(worker, '已对接')).toBeVisible();
  const needAddress = new URL(worker.url()).pathname;
  const need = needAddress.replace('/needs/', '');

  await town.start();
  await Promise.all([worker, leader].map(expectConfirmed));

  // The group sees what is needed, and neither the door nor the words.
  await goTo(leader, '今天');
  await leader.getByRole('list', { name: '请我们办的需求' }).getByRole('link', { name: title }).click();
  await expect(heading(leader)).toBeVisible();
  await whyNot(leader, '为什么看不到是哪一户、原话是什么？', '只有网格员或社区工作人员看得到');
  await expect(leader.getByText('周婆婆')).toHaveCount(0);
  await expect(leader.getByText(door.name)).toHaveCount(0);
  await expect(leader.locator(`a[href*="${door.address}"]`)).toHaveCount(0);
  await leader.getByRole('button', { name: '开始服务了' }).click();
  await expect(step(leader, '服务中')).toBeVisible();
  await leader.getByRole('button', { name: '办完了' }).click();
  await expect(step(leader, '已完成')).toBeVisible();
  await expect(leader.getByRole('button', { name: '居民确认了' })).toHaveCount(0);
  await whyNot(leader, '为什么不能做别的步骤？', '对接、修改、居民确认和撤销，由网格员或社区工作人员来做。');
  // Its told side is on no tablet of the group, whatever address one types.
  const visits = { community: 'shuangbai', family: 'visits', grid: /g\d+/.exec(door.address)?.[0] ?? '', month: monthOf(idTimeMs(need)) } as const;
  await leader.goto(recordPath({ room: visits, record: toldId(need) }));
  await expect(leader.getByText('这台平板上没有这条记录。')).toBeVisible();
  await expect(leader.getByText('周婆婆')).toHaveCount(0);

  // The worker asks at the door and notes the resident's own word.
  await goTo(worker, '今天');
  await worker.getByRole('list', { name: '等居民确认的需求' }).getByRole('link', { name: title }).click({ timeout: syncMaxMs });
  await worker.getByRole('button', { name: '居民确认了' }).click();
  await worker.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(worker.getByRole('dialog').getByText('这里要填')).toBeVisible();
  await answer(worker, '居民怎么说？', '满意').click();
  await worker.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(step(worker, '居民已确认')).toBeVisible();
  await worker.goto('/needs');
  expect(await faultsOf(worker)).toEqual([]);
  await worker.goto(door.address);
  await expect(worker.getByRole('list', { name: '这户讲过的需求' }).getByRole('link', { name: title })).toContainText('居民已确认');

  await leader.goto(needAddress);
  await expect(step(leader, '居民已确认')).toBeVisible({ timeout: syncMaxMs });
  await expect(detail(leader).getByText('满意', { exact: true })).toBeVisible();
});
