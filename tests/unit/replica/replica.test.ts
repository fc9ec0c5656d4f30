/** A whole replica without a browser: IndexedDB in memory, no network unless a test gives it one. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import { Replica } from '../../../src/replica/replica.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { worker } from '../../support/community.ts';

let opened: Replica[] = [];
let nth = 0;

async function replica(name = `whole${(nth += 1)}`): Promise<Replica> {
  const journal = await openJournalDatabase(name);
  await journal.device.put({ key: 'known', value: { actor: { ...worker }, communityGrids: ['g1'] } as never });
  journal.close();
  const result = await Replica.open({ replica: name, seat: 'x', server: 'http://127.0.0.1:9' }, () => undefined);
  if (!result.ok) throw new Error(result.error);
  opened.push(result.value);
  return result.value;
}
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const each of opened) await each.leave();
  opened = [];
});

test('[ID1, RP1] after the clock was ahead by a month and is set right, a visit is still saved', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: instantOf('2026-05-12', '09:00') });
  const tablet = await replica();
  const saved = async (request: string, command: string, input: object): Promise<string> => {
    const answer = await tablet.run(request, command, input);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value.facts[0]?.ref.record ?? '';
  };
  vi.setSystemTime(instantOf('2026-06-20', '09:00'));
  const building = await saved('r1', 'addBuilding', { grid: 'g1', name: '1栋' });
  const household = await saved('r2', 'addHousehold', { grid: 'g1', building, unit: 1, floor: 1, door: '101' });
  vi.setSystemTime(instantOf('2026-05-12', '09:01'));
  expect(await saved('r3', 'recordVisit', { grid: 'g1', household, visitedAt: Date.now(), outcome: 'notHome' })).toMatch(/^vis_/);
});
