/** Joining and unlocking as a person does it, with the words on the screen. */
import { expect as plainExpect, type Page } from '@playwright/test';
import type { AdminAct } from '../../src/protocol/identity.ts';
import type { RealCommunity } from '../support/realCommunity.ts';
import type { ServerProcess } from '../support/serverProcess.ts';

export const expect = plainExpect.configure({ timeout: 20_000 });
export const pin = '271828';

type Invited = Pick<Extract<AdminAct, { act: 'invite' }>, 'role' | 'grids' | 'partners'>;
const worker: Invited = { role: 'gridWorker', grids: ['g1'], partners: [] };

/** A worker of grid g1, or somebody else, down to their first page. @returns the device's tag */
export async function joinHere(page: Page, { server, supervisor }: RealCommunity<ServerProcess>, name: string, invited = worker): Promise<string> {
  const { code = '', person } = await supervisor.done({ act: 'invite', name, ...invited });
  await page.goto(`${server.url}/join#${code}`);
  await page.getByRole('button', { name: '加入', exact: true }).click();
  await expect(page.getByText('正在等对方核对')).toBeVisible();
  const waiting = (await supervisor.registry()).devices.find((device) => device.person === person);
  const shown = (await page.locator('body').innerText()).replaceAll(' ', '');
  expect(shown).toContain(waiting?.digits);
  await supervisor.done({ act: 'confirm', device: waiting?.tag ?? '' });
  await page.getByLabel('六位密码', { exact: true }).fill(pin);
  await page.getByLabel('再输一遍', { exact: true }).fill(pin);
  await page.getByRole('button', { name: '设好了' }).click();
  await isOpen(page);
  return waiting?.tag ?? '';
}

export async function unlockHere(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name })).toBeVisible();
  await page.getByLabel('六位密码', { exact: true }).fill(pin);
  await isOpen(page);
}

const isOpen = (page: Page): Promise<void> => expect(page.getByRole('navigation', { name: '主要页面' })).toBeVisible();
