/** Tickets, device tags, seats and the authority's numbers. */
import { expect, test } from 'vitest';
import { createNumbers } from '../../../server/authority/numbers.ts';
import { createDemoDesk } from '../../../server/identity/demoDesk.ts';
import { createDevices, devicesMax } from '../../../server/identity/devices.ts';
import { createPace } from '../../../server/identity/pace.ts';
import { createTickets, ticketLifeMs } from '../../../server/identity/tickets.ts';
import { createRooms } from '../../../server/rooms/rooms.ts';
import { openMemoryStorage } from '../../../server/storage/memory.ts';
import { authority, worker } from '../../support/community.ts';
import * as smallDemo from '../../support/smallDemo.ts';

test('[AU1] a ticket says who its bearer is until it expires, also after a restart on the same folder', async () => {
  const storage = openMemoryStorage();
  let now = 1_000_000;
  const tickets = await createTickets(storage, () => now);
  const { ticket, expiresAt } = tickets.issue(worker);
  expect(expiresAt).toBe(now + ticketLifeMs);
  expect(tickets.read(ticket)?.actor).toEqual(worker);
  expect((await createTickets(storage, () => now)).read(ticket)?.actor).toEqual(worker);
  now = expiresAt - 1;
  expect(tickets.read(ticket)).toBeDefined();
  now = expiresAt;
  expect(tickets.read(ticket)).toBeUndefined();
});

test('[AU1] any changed character makes it nobody\'s, and so does another folder\'s secret', async () => {
  const tickets = await createTickets(openMemoryStorage(), () => 0);
  const { ticket } = tickets.issue(worker);
  for (let at = 0; at < ticket.length; at += 1) {
    const flipped = ticket[at] === 'A' ? 'Q' : 'A';
    // The last character carries two bits nobody reads; every other one counts.
    if (at < ticket.length - 1) expect(tickets.read(ticket.slice(0, at) + flipped + ticket.slice(at + 1)), String(at)).toBeUndefined();
  }
  for (const text of ['', '.', 'a.b', `${ticket}.x`, ticket.slice(0, 20)]) expect(tickets.read(text)).toBeUndefined();
  expect((await createTickets(openMemoryStorage(), () => 0)).read(ticket)).toBeUndefined();
});

test('[AU2] a ticket for the authority is not read, even with a good signature', async () => {
  const tickets = await createTickets(openMemoryStorage(), () => 0);
  expect(tickets.read(tickets.issue({ ...authority, device: 'abcd' }).ticket)).toBeUndefined();
});

test('[AU3] the first secret owns the tag, over a restart, and may change its seat', async () => {
  const storage = openMemoryStorage();
  const holder = { community: 'shuangbai', person: 'per_li', role: 'gridWorker' } as const;
  const devices = await createDevices(storage, () => 5);
  expect(await devices.claim('tag1', 'mine', holder)).toBe('ok');
  expect(await devices.claim('tag1', 'yours', holder)).toBe('taken');
  const again = await createDevices(storage, () => 9);
  expect(await again.claim('tag1', 'yours', holder)).toBe('taken');
  expect(await again.claim('tag1', 'mine', { ...holder, person: 'per_wu' })).toBe('ok');
  expect(again.contacts('shuangbai')).toEqual([{ device: 'tag1', person: 'per_wu', role: 'gridWorker', lastContactAt: 9 }]);
  expect(again.contacts('elsewhere')).toEqual([]);
  expect(JSON.stringify([...(await storage.entries('device/')).values()])).not.toContain('mine');
});

test('[AU3] when a device was last heard outlives a restart once it was flushed', async () => {
  const storage = openMemoryStorage();
  let now = 5;
  const devices = await createDevices(storage, () => now);
  await devices.claim('tag1', 'mine', { community: 'c', person: 'per_li', role: 'gridWorker' });
  now = 70;
  devices.heard('tag1');
  devices.heard('unknown');
  await devices.flush();
  expect((await createDevices(storage, () => now)).contacts('c')).toMatchObject([{ lastContactAt: 70 }]);
});

test('[AU4] a reserved tag is nobody\'s, over a restart', async () => {
  const storage = openMemoryStorage();
  await (await createDevices(storage, () => 0)).reserve(['auth', 'seed']);
  const again = await createDevices(storage, () => 0);
  for (const tag of ['auth', 'seed']) expect(await again.claim(tag, 'x', { community: 'c', person: 'per_li', role: 'gridWorker' })).toBe('taken');
});

test('[AU15] no number is given out twice: not to two callers, not after a crash, not across a block', async () => {
  const storage = openMemoryStorage();
  const given: string[] = [];
  for (let life = 0; life < 5; life += 1) {
    const numbers = createNumbers(storage);
    const parts = await Promise.all([3, 998, 1, 2_500, 7, 0].map((count) => numbers.take(count)));
    given.push(...parts.flat());
  }
  expect(given.length).toBe(5 * 3_509);
  expect(new Set(given).size).toBe(given.length);
});

test('[AU10] a community is filled once, a half-filled one is completed, and nothing is stated twice', async () => {
  const storage = openMemoryStorage();
  const devices = await createDevices(storage, () => 0);
  const rooms = createRooms({ storage, now: () => 1, onFacts: () => undefined, onFault: (fault) => { throw fault; }, onCommit: () => undefined });
  let seededTimes = 0;
  let crash = true;
  const source: typeof smallDemo = {
    ...smallDemo,
    seedCommunity: (community, now) => {
      const [roster] = smallDemo.seedCommunity(community, now);
      const facts = roster?.facts ?? [];
      // The first attempt ends after half of the people room, before the roster says that all is there.
      const people = { room: { community, family: 'people', grid: 'g1' } as const, facts: ['1', '2'].map((name, index) => ({ ...(facts[0] as (typeof facts)[number]), id: `gen1-${index}`, record: `bld_${name}`, kind: 'building', set: { grid: 'g1', name } })) };
      if (crash) return [{ ...people, facts: people.facts.slice(0, 1) }, { room: { community, family: 'roster' }, facts: [{ ...facts[0], kind: 'nonsense' } as (typeof facts)[number]] }];
      return [{ room: { community, family: 'roster' }, facts }, people];
    },
  };
  const desk = createDemoDesk({ source, rooms, devices, now: () => 1, onSeeded: async () => { seededTimes += 1; } });
  await expect(desk.sit('li')).rejects.toThrow('refuses');
  crash = false;
  const [one, two] = await Promise.all([desk.sit('li'), desk.sit('he')]);
  expect([one?.person, two?.person, one?.communityGrids, seededTimes]).toEqual(['per_li', 'per_he', ['g1', 'g2'], 1]);
  expect(await desk.sit('nobody')).toBeUndefined();
  const people = await rooms.open({ community: 'shuangbai', family: 'people', grid: 'g1' });
  expect([people.facts.size, people.head]).toEqual([2, 2]);
  expect(await devices.claim('small', 'x', { community: 'c', person: 'per_li', role: 'gridWorker' })).toBe('taken');
  await rooms.drained();
});

test('[AU16] a tag claimed again for the same seat costs no write, and there is an end to the number of tags', async () => {
  const storage = openMemoryStorage();
  let writes = 0;
  const { put } = storage;
  storage.put = (key, value) => {
    writes += 1;
    return put.call(storage, key, value);
  };
  const holder = { community: 'shuangbai', person: 'per_li', role: 'gridWorker' } as const;
  const devices = await createDevices(storage, () => 5);
  for (let count = 0; count < 50; count += 1) expect(await devices.claim('tag1', 'mine', holder)).toBe('ok');
  expect(writes).toBe(1);
  for (let count = 1; count < devicesMax; count += 1) await devices.claim(`t${count}`, 'x', holder);
  expect(await devices.claim('late', 'x', holder)).toBe('full');
  expect(await devices.claim('tag1', 'mine', { ...holder, person: 'per_wu' })).toBe('ok');
});

test('[SR33] who keeps to the pace never waits, who does not waits longer and longer and is then sent away, the others go on', () => {
  let now = 0;
  const pace = createPace({ perSecond: 10, burst: 5, waitMaxMs: 1_000, now: () => now });
  const waits = Array.from({ length: 20 }, () => pace.ask('fast'));
  expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(waits.slice(5, 15)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
  expect(waits.slice(15)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(pace.ask('other')).toBe(0);
  for (let second = 0; second < 100; second += 1) {
    now += 100;
    expect(pace.ask('steady')).toBe(0);
  }
  expect(pace.ask('fast')).toBe(0);
});
