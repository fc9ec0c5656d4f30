/** A door the route lacks, added on the stairs without a network; one that is there already is offered however it is typed. */
import { answer } from './fieldwork.ts';
import { expect, expectConfirmed, expectOffline, goTo, test, undoBar } from './fixtures.ts';

test('[VS9, DU17] without a network a worker opens a door that was typed differently, and adds one with its building', async ({ town }) => {
  test.setTimeout(180_000);
  const page = await town.seated('sb-grid1');
  await goTo(page, '走访');
  await town.stop();
  await expectOffline(page);
  const building = page.getByRole('combobox', { name: '哪一栋楼？' });
  const door = page.getByRole('textbox', { name: '门牌号是多少？' });
  const floor = page.getByRole('textbox', { name: '在几楼？' });
  const save = page.getByRole('button', { name: '保存', exact: true });

  // Here already: its building and its door, typed as somebody else would.
  await page.getByRole('link', { name: '添一户', exact: true }).click();
  await building.fill('壹号楼');
  await page.getByRole('option', { name: / 1栋$/ }).click();
  await page.getByRole('textbox', { name: '几单元？' }).fill('１');
  await door.fill('１O１室');
  await page.getByRole('link', { name: /1单元 101（名称和号数一样）/ }).click();
  await expect(page).toHaveURL(/\/visits\/hou_g01-1-1-101$/);

  // Nothing is left of what was typed. Pressed too early, save says what is missing.
  await page.goto('/visits/new');
  await save.click();
  await expect(page.getByText('请选一栋楼，或新添一栋')).toBeVisible();
  await building.fill('９９');
  await page.getByRole('option', { name: /９９/ }).click();
  await expect(page.getByText('名单上还没有这栋楼，会一起添上。')).toBeVisible();
  await expect(page.getByRole('textbox', { name: '在哪个院落或小区？' })).not.toHaveValue('');
  await door.fill('3602');
  await expect(floor).toHaveValue('36');
  await save.click();
  const name = page.getByRole('heading', { name: / 99栋 3602$/, level: 1 });
  await expect(name).toBeVisible();
  const added = page.url();
  await expect(undoBar(page)).toContainText('已添上');

  // On the route, and visited at once.
  await answer(page, '结果怎样？', '见到').click();
  await page.getByRole('button', { name: '保存走访' }).click();
  await expect(page.getByText(/已记下：.* 99栋 3602 见到/)).toBeVisible();
  await page.goto('/visits');
  await page.getByRole('button', { name: /^全部/ }).click();
  const stands = page.getByRole('region', { name: / 99栋$/ });
  await expect(stands.getByRole('link', { name: /3602/ })).toBeVisible();

  // Once more from its building, with a letter for a nought and the unit thought of.
  await stands.getByRole('link', { name: /^添一户：/ }).click();
  await page.getByRole('textbox', { name: '几单元？' }).fill('1');
  await door.fill('36O2房');
  await page.getByRole('link', { name: /3602（名称和号数一样、只差单元）/ }).click();
  await expect(page).toHaveURL(added);
  await expect(name).toBeVisible();

  await town.start();
  await expectConfirmed(page);
  await page.reload();
  await expect(name).toBeVisible();
});
