/** A tablet in a real browser that joins a real server: the invitation, the six digits, the confirmation, the PIN. */
import type { Page } from '@playwright/test';
import { foundCommunity, type RealCommunity } from './realCommunity.ts';
import { openReplicaFront, type FrontServer } from './replicaPage.ts';
import type { ServerProcess } from './serverProcess.ts';

export const pin = '271828';

export interface RealStage extends RealCommunity<ServerProcess> {
  readonly front: FrontServer;
  close(): Promise<void>;
}

export async function realStage(): Promise<RealStage> {
  const community = await foundCommunity();
  const front = await openReplicaFront(community.server.url);
  return {
    ...community,
    front,
    async close() {
      await front.close();
      await community.server.dispose();
    },
  };
}

/** A worker of grid g1. @returns the device's tag and the digits that stood on both screens */
export async function enrolHere(page: Page, { supervisor }: RealStage): Promise<{ readonly tag: string; readonly digits: readonly [string, string | undefined] }> {
  const { code = '' } = await supervisor.done({ act: 'invite', name: '李工', role: 'gridWorker', grids: ['g1'], partners: [] });
  const seat = await page.evaluate(async (each) => {
    const joined = await window.harness.keys.join(each, 'Chromium · Test');
    if (!joined.ok) throw new Error(joined.error);
    return joined.value;
  }, code);
  const tag = seat.id;
  const waiting = (await supervisor.registry()).devices.find((device) => device.tag === tag);
  await supervisor.done({ act: 'confirm', device: tag });
  const chosen = await page.evaluate(async ([each, digits]) => {
    const { keys } = window.harness;
    const state = await keys.joinState(each);
    const set = await keys.setPin(each, digits);
    return [state.ok ? state.value : state.error, set.ok ? 'set' : set.error];
  }, [tag, pin] as const);
  if (chosen.join() !== 'confirmed,set') throw new Error(`the seat came to ${chosen.join()}`);
  return { tag, digits: [seat.digits, waiting?.digits] };
}

export const sitWithPin = (page: Page, tag: string, typed = pin): Promise<string> => page.evaluate(([each, digits]) => window.harness.sitWithPin(each, digits), [tag, typed] as const);

/** A door of g1 with a hint, and a visit there. @returns the door's id */
export const addDoor = (page: Page, words: string): Promise<string> =>
  page.evaluate(async (text) => {
    const { calls } = window.harness.at('a');
    const done = async (command: string, input: unknown): Promise<string> => {
      const saved = await calls.run(crypto.randomUUID(), command, input);
      if (!saved.ok) throw new Error(JSON.stringify(saved.error));
      return saved.value.facts[0]?.ref.record ?? '';
    };
    const building = await done('addBuilding', { grid: 'g1', name: '1栋' });
    return done('addHousehold', { grid: 'g1', building, unit: 1, floor: 2, door: '201', hint: text });
  }, words);

/** @returns the visit's id, or why it was not saved */
export const saveVisitAt = (page: Page, household: string, note: string): Promise<string> =>
  page.evaluate(async ([door, text]) => {
    const saved = await window.harness.at('a').calls.run(crypto.randomUUID(), 'recordVisit', { grid: 'g1', household: door, visitedAt: Date.now(), outcome: 'met', note: text });
    return saved.ok ? (saved.value.facts[0]?.ref.record ?? '') : saved.error.type;
  }, [household, note] as const);

/** The notes on screen, sorted. */
export const notesAt = (page: Page, household: string): Promise<string[]> =>
  page.evaluate(async (door) => {
    const { harness } = window;
    const rows = await harness.when(harness.at('a').reader.list('visits', { kind: 'visit', parent: door }), () => true);
    return rows.map((row) => String(row.fields['note'] ?? '')).sort();
  }, household);
