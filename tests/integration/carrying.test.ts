/** Whole replicas, a real server, and tablets that are never online together: files are all that passes between them. */
import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { CommandName, InputOf } from '../../src/domain/commands.ts';
import type { PendingRow, RollupRow, Row } from '../../src/replica/contract.ts';
import type * as databases from '../../src/replica/projection/database.ts';
import { createReader, type RenewableReader } from '../../src/replica/projection/reader.ts';
import { Replica } from '../../src/replica/replica.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, sitDown } from '../support/wire.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The view of each tablet that is open. In one process RxDB has a database open once, and few of them: two tablets at a time. */
const views = vi.hoisted(() => new Map<string, databases.Projection>());
vi.mock('../../src/replica/projection/database.ts', async (original) => {
  const real = await original<typeof databases>();
  return {
    ...real,
    async openProjection(name: string, ...more: readonly never[]) {
      const opened = await real.openProjection(name, ...more);
      views.set(name, opened);
      return opened;
    },
  };
});

const nowhere = 'http://127.0.0.1:9';
let nth = 0;

class Tablet {
  readonly name: string;
  readonly seat: string;
  replica!: Replica;
  #requests = 0;

  constructor(seat: string) {
    this.seat = seat;
    this.name = `carrying${(nth += 1)}`;
  }
  static async opened(server: string, seat: string): Promise<Tablet> {
    const tablet = new Tablet(seat);
    await tablet.open(server);
    await eventually(() => expect(tablet.replica.status()).toMatchObject({ filled: true, link: 'online' }));
    return tablet;
  }
  async open(server: string): Promise<void> {
    const opened = await Replica.open({ replica: this.name, seat: this.seat, server }, () => undefined);
    if (!opened.ok) throw new Error(opened.error);
    this.replica = opened.value;
    const { value } = opened;
    ends.push(() => value.leave());
  }
  async close(): Promise<void> {
    views.delete(this.name);
    await this.replica.leave();
  }
  /** Closed, and opened where nobody answers unless said otherwise. */
  async restart(server = nowhere): Promise<void> {
    await this.close();
    await this.open(server);
  }
  async say<Name extends CommandName>(command: Name, input: InputOf<Name>): Promise<string> {
    const done = await this.replica.run(`${this.name} ${(this.#requests += 1)}`, command, input);
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    return done.value.facts[0]?.ref.record ?? '';
  }
  async file(): Promise<string> {
    const made = await this.replica.makeBundle();
    if (!made.ok) throw new Error(made.error);
    return made.value.text;
  }
  async #read<T>(look: (reader: RenewableReader) => { subscribe(run: (value: T) => void): () => void }): Promise<T> {
    const view = views.get(this.name);
    if (!view) throw new Error('the tablet is closed');
    const reader = createReader(view, () => Promise.resolve(view), (error) => expect(error).toBeUndefined());
    return new Promise<T>((resolve) => {
      const stop = look(reader).subscribe((value) => {
        resolve(value);
        setTimeout(() => stop());
      });
    });
  }
  row(id: string): Promise<Row | undefined> {
    return this.#read((reader) => reader.one('people', id));
  }
  async stateOf(id: string): Promise<PendingRow['state'] | undefined> {
    return (await this.#read((reader) => reader.pending())).find((row) => row.id === id)?.state;
  }
  tallies(): Promise<readonly RollupRow[]> {
    return this.#read((reader) => reader.rollups('people'));
  }
}

async function town(): Promise<{ readonly server: ServerProcess; readonly worker: string; readonly office: string; readonly grid: string }> {
  const server = await startServer({ demo: 'small' });
  ends.push(() => server.dispose());
  const seats = (await (await fetch(`${server.url}/api/seats`)).json()) as readonly { id: string; role: string; community: string; grids: string[] }[];
  const worker = seats.find(({ role }) => role === 'gridWorker');
  const office = seats.find(({ role, community }) => role === 'supervisor' && community === worker?.community);
  return { server, worker: worker?.id ?? '', office: office?.id ?? '', grid: worker?.grids[0] ?? '' };
}

test('[BF1, BF4, BF6] never online together: a file shows it there, that tablet brings it to the server, the author finds it confirmed', async () => {
  const { server, worker, office, grid } = await town();
  const [author, colleague] = [await Tablet.opened(server.url, worker), await Tablet.opened(server.url, office)];
  await author.replica.cutWire(true);
  await colleague.replica.cutWire(true);

  const building = await author.say('addBuilding', { grid, name: '捎带楼' });
  const volunteer = await author.say('addVolunteer', { grid, name: '欧阳捎带' });
  const file = await author.file();

  expect(await colleague.replica.takeBundle(file)).toMatchObject({ ok: true, value: { facts: 2, closed: 0, again: 0 } });
  await eventually(async () => expect((await colleague.row(building))?.fields).toMatchObject({ name: '捎带楼' }));
  await eventually(async () => expect(await colleague.stateOf(building)).toBe('brought'));
  expect(await colleague.replica.search('people', 'volunteer', 'ouyang', 5)).toEqual([volunteer]);
  expect(await colleague.replica.takeBundle(file)).toMatchObject({ ok: true, value: { facts: 0, again: 1 } });
  // It can be worked on.
  const door = await colleague.say('addHousehold', { grid, building, unit: 1, floor: 1, door: '101' });

  // Closed and opened without a network, it is still there, and still said to be by file.
  await colleague.restart();
  await eventually(async () => expect(await colleague.stateOf(building)).toBe('brought'));
  expect((await colleague.row(building))?.fields).toMatchObject({ name: '捎带楼' });
  expect(await colleague.replica.search('people', 'volunteer', 'ouyang', 5)).toEqual([volunteer]);
  expect(colleague.replica.status()).toMatchObject({ carrying: 1, saved: 1 });
  const counted = await colleague.tallies();

  // The author's tablet stays away; the colleague's reaches the server.
  await colleague.restart(server.url);
  await eventually(() => expect(colleague.replica.status()).toMatchObject({ link: 'online', carrying: 0, saved: 0, sent: 0, refused: 0 }));
  await eventually(async () => expect([await colleague.stateOf(building), await colleague.stateOf(door)]).toEqual([undefined, undefined]));
  expect(await colleague.replica.bundles()).toMatchObject([{ state: 'taken', facts: 2, reason: '' }]);
  expect((await colleague.tallies()).map(({ tallies }) => tallies)).toEqual(counted.map(({ tallies }) => tallies));
  await colleague.close();
  const third = await Tablet.opened(server.url, office);
  await eventually(async () => expect([(await third.row(building))?.fields['name'], (await third.row(door))?.fields['door']]).toEqual(['捎带楼', '101']));
  await eventually(async () => expect((await third.tallies()).map(({ tallies }) => tallies)).toEqual(counted.map(({ tallies }) => tallies)));

  // And the author comes back after all.
  await author.replica.cutWire(false);
  await eventually(() => expect(author.replica.status()).toMatchObject({ link: 'online', saved: 0, sent: 0, refused: 0 }));
  expect(await author.replica.makeBundle()).toEqual({ ok: false, error: 'nothing' });
  expect(await author.replica.history({ room: { community: 'shuangbai', family: 'people', grid }, record: building })).toHaveLength(1);
}, 60_000);

test('[BF3, BF4, BF6] handed on: a file goes through a tablet that may not see it, closed, and arrives', async () => {
  const { server, worker, office, grid } = await town();
  const seats = (await (await fetch(`${server.url}/api/seats`)).json()) as readonly { id: string; role: string; community: string }[];
  const stranger = seats.find(({ role, community }) => role === 'groupLeader' && community === 'shuangbai')?.id ?? '';
  const author = await Tablet.opened(server.url, worker);
  await author.replica.cutWire(true);
  const building = await author.say('addBuilding', { grid, name: '转交楼' });
  const file = await author.file();
  await author.close();
  const carrier = await Tablet.opened(server.url, stranger);
  await carrier.replica.cutWire(true);
  expect(await carrier.replica.takeBundle(file)).toMatchObject({ ok: true, value: { facts: 1, closed: 1 } });
  expect(await carrier.row(building)).toBeUndefined();
  const onwards = await carrier.replica.makeBundle();
  expect(onwards).toMatchObject({ ok: true, value: { facts: 0, others: 1 } });

  const reader = await Tablet.opened(server.url, office);
  await reader.replica.cutWire(true);
  expect(await reader.replica.takeBundle(onwards.ok ? onwards.value.text : '')).toMatchObject({ ok: true, value: { facts: 1, closed: 0 } });
  await eventually(async () => expect(await reader.stateOf(building)).toBe('brought'));
  await carrier.replica.cutWire(false);
  await eventually(() => expect(carrier.replica.status()).toMatchObject({ carrying: 0, link: 'online' }));
  await reader.replica.cutWire(false);
  await eventually(async () => expect(await reader.stateOf(building)).toBeUndefined());
  expect((await reader.row(building))?.fields).toMatchObject({ name: '转交楼' });
}, 60_000);

test('[BF2, BF7] what is refused leaves nothing behind: a changed file at once, one that the server does not take when it says so', async () => {
  const { server, worker, office, grid } = await town();
  const [author, colleague] = [await Tablet.opened(server.url, worker), await Tablet.opened(server.url, office)];
  await author.replica.cutWire(true);
  await colleague.replica.cutWire(true);
  const building = await author.say('addBuilding', { grid, name: '未采用楼' });
  const file = await author.file();
  const at = file.indexOf('sealed') + 60;
  const changed = `${file.slice(0, at)}${file[at] === 'A' ? 'B' : 'A'}${file.slice(at + 1)}`;
  expect(await colleague.replica.takeBundle(changed)).toEqual({ ok: false, error: 'tampered' });
  expect(await colleague.replica.takeBundle(file.slice(0, 900))).toEqual({ ok: false, error: 'damaged' });
  expect(await colleague.replica.bundles()).toEqual([]);
  expect(colleague.replica.status()).toMatchObject({ carrying: 0 });

  // Taken twice with another order of bundles in between; then another server that never certified its author.
  expect((await colleague.replica.takeBundle(file)).ok).toBe(true);
  await eventually(async () => expect(await colleague.stateOf(building)).toBe('brought'));
  const elsewhere = await startServer({ demo: 'small' });
  ends.push(() => elsewhere.dispose());
  await colleague.restart(elsewhere.url);
  await eventually(async () => expect(await colleague.replica.bundles()).toMatchObject([{ state: 'refused', reason: 'foreign' }]));
  await eventually(async () => expect([await colleague.row(building), await colleague.stateOf(building)]).toEqual([undefined, undefined]));
}, 60_000);

test('[BF4] while the wire is there a file is the server\'s before anybody can state something on it', async () => {
  const { server, worker, office, grid } = await town();
  const [author, colleague] = [await Tablet.opened(server.url, worker), await Tablet.opened(server.url, office)];
  await author.replica.cutWire(true);
  const building = await author.say('addBuilding', { grid, name: '在线楼' });
  expect((await colleague.replica.takeBundle(await author.file())).ok).toBe(true);
  await colleague.say('addHousehold', { grid, building, unit: 1, floor: 1, door: '201' });
  await eventually(() => expect(colleague.replica.status()).toMatchObject({ carrying: 0, saved: 0, sent: 0, refused: 0 }));
  await eventually(async () => expect(await colleague.stateOf(building)).toBeUndefined());
}, 60_000);

test('[BF9, BF6] a bundle whose base nobody has brought yet: the rest is taken, and its author, back, finds all of it confirmed', async () => {
  const { server, worker, office, grid } = await town();
  const first = await Tablet.opened(server.url, worker);
  await first.replica.cutWire(true);
  const building = await first.say('addBuilding', { grid, name: '原来的楼' });
  const file = await first.file();
  await first.close();

  const author = await Tablet.opened(server.url, office);
  await author.replica.cutWire(true);
  const before = await author.say('addVolunteer', { grid, name: '甲捎带' });
  expect((await author.replica.takeBundle(file)).ok).toBe(true);
  const room = { community: 'shuangbai', family: 'people', grid } as const;
  await author.say('remove', { ref: { room, record: building } });
  const after = await author.say('addVolunteer', { grid, name: '乙捎带' });
  // The author's own bundle alone, without the one it stands on.
  const whole = JSON.parse(await author.file()) as { bundles: unknown[] };
  expect(whole.bundles).toHaveLength(2);
  const carrier = await sitDown(server, worker);
  const answer = await fetch(`${server.url}/api/bundles`, { method: 'POST', headers: { authorization: `Bearer ${carrier.ticket}` }, body: JSON.stringify({ ...whole, bundles: whole.bundles.slice(1) }) });
  expect(await answer.json()).toMatchObject({ rooms: [{ outcome: 'taken', facts: 2 }, { outcome: 'refused', facts: 1, reason: 'unknown-base' }] });

  await author.replica.cutWire(false);
  await eventually(() => expect(author.replica.status()).toMatchObject({ link: 'online', carrying: 0, saved: 0, sent: 0, refused: 0 }));
  await author.close();
  const third = await Tablet.opened(server.url, office);
  await eventually(async () => expect([(await third.row(before))?.fields['name'], (await third.row(after))?.fields['name'], await third.row(building)]).toEqual(['甲捎带', '乙捎带', undefined]));
  expect(await third.replica.history({ room, record: building })).toHaveLength(2);
  expect(await third.replica.history({ room, record: after })).toHaveLength(1);
}, 60_000);
