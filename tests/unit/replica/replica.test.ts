/** A whole replica without a browser: IndexedDB in memory, no network unless a test gives it one. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import { Arrivals } from '../../../src/replica/projection/arrivals.ts';
import { Replica } from '../../../src/replica/replica.ts';
import { instantOf } from '../../../src/domain/kernel/time.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { worker } from '../../support/community.ts';

let opened: Replica[] = [];
let nth = 0;

/** Databases whose writes fail as on a full disk. */
let full: (database: string) => boolean = () => false;
for (const name of ['add', 'put'] as const) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...args: Parameters<typeof real>) {
    if (!full(this.transaction.db.name)) return real.apply(this, args);
    this.transaction.abort();
    throw new DOMException('no space left', 'QuotaExceededError');
  };
}
const journalOnly = (database: string): boolean => database.endsWith('-journal');
const viewOnly = (database: string): boolean => !journalOnly(database);

/** What a tablet remembers of its seat, so that it opens without a network. */
async function seated(name: string): Promise<string> {
  const journal = await openJournalDatabase(name);
  // Who is seated and the device they sit at carry the same tag, as the server's grant does.
  await journal.device.put({ key: 'identity', value: { tag: worker.device, secret: '0'.repeat(32) } });
  await journal.device.put({ key: 'known', value: { actor: { ...worker }, communityGrids: ['g1'] } as never });
  journal.close();
  return name;
}

async function replica(name?: string): Promise<Replica> {
  const result = await Replica.open({ replica: name ?? (await seated(`whole${(nth += 1)}`)), seat: 'x', server: 'http://127.0.0.1:9' }, () => undefined);
  if (!result.ok) throw new Error(result.error);
  opened.push(result.value);
  return result.value;
}

/** A server that hands out tickets; its sockets never open. @returns the rooms that were asked for */
function reachable(): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async () => Response.json({
    ticket: 't', expiresAt: Date.now() + 600_000, serverNow: Date.now(), actor: worker, communityGrids: ['g1'],
  }));
  vi.stubGlobal('WebSocket', class {
    constructor(url: string) {
      asked.push(new URL(url).pathname.slice('/sync/'.length));
    }
    close(): void {}
  });
  return asked;
}
afterEach(async () => {
  full = () => false;
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const each of opened) await each.leave();
  opened = [];
  vi.unstubAllGlobals();
});

test('[CN1] a full disk does not keep a tablet off the wire, where its work would be safe', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const tablet = await replica();
  await tablet.cutWire(true);
  const asked = reachable();
  full = journalOnly;
  await tablet.cutWire(false);
  await vi.waitFor(() => expect(asked).toContain('v1/shuangbai/roster'));
  await vi.waitFor(() => expect(tablet.status().storage).toBe('full'));
});

test('[RP4, PJ4] a view that cannot be written on opening keeps a tablet neither from saving nor from the wire', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const name = await seated(`whole${(nth += 1)}`);
  const before = await replica(name);
  full = viewOnly;
  expect((await before.run('r1', 'addBuilding', { grid: 'g1', name: '1栋' })).ok).toBe(true);
  await opened.pop()?.leave();
  const asked = reachable();
  const after = await replica(name);
  expect((await after.run('r2', 'addBuilding', { grid: 'g1', name: '2栋' })).ok).toBe(true);
  await vi.waitFor(() => expect(asked).toContain('v1/shuangbai/roster'));
});

test('[JN3] a tablet that cannot even open its journal for writing says so instead of keeping its page waiting', async () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const name = await seated(`whole${(nth += 1)}`);
  full = journalOnly;
  expect(await Replica.open({ replica: name, seat: 'x', server: 'http://127.0.0.1:9' }, () => undefined)).toEqual({ ok: false, error: 'storage-blocked' });
  full = () => false;
  expect((await (await replica(name)).run('r1', 'addBuilding', { grid: 'g1', name: '1栋' })).ok).toBe(true);
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

test('[SE3] names of a room that is opened after somebody searched are found too', async () => {
  const name = await seated(`whole${(nth += 1)}`);
  const before = await replica(name);
  expect((await before.run('r1', 'addVolunteer', { grid: 'g1', name: '李秀兰' })).ok).toBe(true);
  await opened.pop()?.leave();
  const after = await replica(name);
  await after.search('people', 'volunteer', '李秀兰', 5);
  await vi.waitFor(async () => expect(await after.search('people', 'volunteer', '李秀兰', 5)).toHaveLength(1));
});

test('[PT3] who is entered twice is found in the worker, from the first question on and after a save', async () => {
  const tablet = await replica();
  const saved = async (request: string, command: string, input: object): Promise<string> => {
    const answer = await tablet.run(request, command, input);
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return answer.value.facts[0]?.ref.record ?? '';
  };
  expect(await tablet.similar('people', 'volunteer', { name: '李秀兰', grid: 'g1' }, 4)).toEqual([]);
  const id = await saved('r1', 'addVolunteer', { grid: 'g1', name: '李秀兰' });
  await vi.waitFor(async () => expect(await tablet.similar('people', 'volunteer', { name: '李秀蓝', grid: 'g1' }, 4)).toMatchObject([{ id, reasons: ['sound', 'door'] }]));
  expect(await tablet.similar('people', 'volunteer', { name: '李秀兰', grid: 'g2' }, 4)).toEqual([]);
});

test('[AR1, MR4] looking at the history of a closed month does not keep its next copy away, and what was added to it since is named as late', async () => {
  const noted = vi.spyOn(Arrivals.prototype, 'note');
  const tablet = await replica();
  const room = { community: worker.community, family: 'log', month: '2020-05' } as const;
  const name = formatRoomName(room);
  const peer = new Y.Doc();
  const facts = peer.getMap('facts');
  const state = (title: string, nth: number): void => void facts.set(`peer-${nth}`, JSON.stringify({ record: 'act_choir.1', kind: 'activity', base: nth === 0 ? [] : [`peer-${nth - 1}`], set: { title }, by: 'per_x', at: nth }));
  let head = 0;
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/api/tickets')) return Response.json({ ticket: 't', expiresAt: Date.now() + 600_000, serverNow: Date.now(), actor: worker, communityGrids: [] });
    if (url.endsWith('/api/rooms')) return Response.json([{ room: name, head }]);
    return new Response(Y.encodeStateAsUpdate(peer) as Uint8Array<ArrayBuffer>, { headers: { etag: `"${head}"` } });
  });
  const titles = async (): Promise<unknown[]> => (await tablet.history({ room, record: 'act_choir.1' })).map((entry) => entry.changes[0]?.after);
  for (const [nth, title] of ['合唱', '合唱排练'].entries()) {
    state(title, nth);
    head += 1;
    expect(await tablet.fetchMonths('log', '2020-05', '2020-05')).toEqual({ missing: 0 });
    expect((await titles())[0]).toBe(title);
  }
  // The first copy is not news.
  await vi.waitFor(() => expect(noted).toHaveBeenCalledOnce());
  expect(noted.mock.calls[0]?.slice(0, 2)).toMatchObject([[{ id: 'peer-1' }], room]);
});
