/** Our replica as the app's pages use it: the worker does the work, the page calls commands and reads live lists. */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { InputOf } from '../../src/domain/commands.ts';
import { addMonths, minuteMs, monthOf } from '../../src/domain/kernel/time.ts';
import { roomFamilies } from '../../src/domain/kernel/room.ts';
import type { HouseholdFields } from '../../src/domain/people/schema.ts';
import type { Reader, Row, SyncStatus } from '../../src/replica/contract.ts';
import { openReader, openReplica, type OpenedReplica } from '../../src/replica/open.ts';
import { doorsCommunity } from '../records.ts';
import type { BalanceTimes, Content, Edits, FirstSync, ImportTimes, Place, ReadTimes, SavedAt, SearchTimes } from '../calls.ts';
import { balanceTimes, redeem } from './points.ts';
import { epoch, rest, rounds, settled, timed, when } from './clock.ts';
import { contentOf } from './content.ts';
import { importRoster } from './importing.ts';
import { searchTimes } from './search.ts';
import { listLength } from './store.ts';

export const troubles: string[] = [];
const trouble = (error: unknown): void => void troubles.push(error instanceof Error ? (error.stack ?? error.message) : String(error));

const seatingOf = ({ replica, seat }: Place) => ({ replica, seat, server: location.origin });

/** Activities are named by organiser and minute, so every save of a run takes a minute of its own, all of this month. */
let saveCount = 0;
const firstMinute = Date.now();
const step = monthOf(firstMinute + 5_000 * minuteMs) === monthOf(firstMinute) ? minuteMs : -minuteMs;
function activityInput(): InputOf<'logActivity'> {
  saveCount += 1;
  const startsAt = firstMinute + saveCount * step;
  return {
    organiser: `par_b${String(1 + (saveCount % 12)).padStart(2, '0')}`, title: '院落清洁', activityKind: 'cleanup', place: '3栋门口', startsAt,
    endsAt: startsAt + 120 * minuteMs, feeClass: 'free', serviceClass: 'general', headCount: 12,
    attendances: [{ volunteer: 'BE000001', hoursTenths: 20 }, { volunteer: 'BE000002', hoursTenths: 20 }],
  };
}

export class OurDevice {
  readonly #replica: OpenedReplica;
  readonly #seen = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  #actor: Actor | undefined;
  lastChangeAt = 0;

  constructor(replica: OpenedReplica) {
    this.#replica = replica;
  }

  static async join(place: Place, wanted: number): Promise<[OurDevice, FirstSync]> {
    const from = epoch();
    const replica = await openReplica(seatingOf(place), trouble);
    const device = new OurDevice(replica);
    const { reader, status } = replica;
    let firstList = 0;
    let usable = 0;
    const stops = [
      reader.list('people', { kind: 'building', limit: listLength }).subscribe((rows) => {
        if (rows.length > 0) firstList ||= epoch() - from;
      }),
      status.subscribe(({ filled }) => {
        if (filled) usable ||= epoch() - from;
      }),
    ];
    const opened = await replica.calls.open(seatingOf(place));
    if (!opened.ok) throw new Error(`could not sit down: ${opened.error}`);
    device.#actor = opened.value;
    stops.push(...device.#countAll());
    await settled(() => device.lastChangeAt, () => usable > 0 && device.records >= wanted);
    // What stays open would be paid for by every later measure.
    for (const stop of stops) stop();
    return [device, { firstList, usable, complete: device.lastChangeAt - from, records: device.records }];
  }

  /** @returns one stop for each family */
  #countAll(): (() => void)[] {
    return roomFamilies.map((family) =>
      this.#replica.reader.rollups(family).subscribe((rollups) => {
        this.lastChangeAt = epoch();
        this.#counts.set(family, rollups.reduce((sum, { tallies }) => sum + kindsIn(tallies), 0));
      }),
    );
  }

  /** Notes when the doors' lists change: their rooms' totals are written right after their rows. */
  track(): void {
    this.#replica.reader.rollups('people').subscribe(() => {
      this.lastChangeAt = epoch();
    });
  }

  /** What the totals counted when they were last looked at. */
  get records(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async fetchYears(years: number): Promise<number> {
    const until = monthOf(Date.now());
    this.#countAll();
    for (const family of ['log', 'ledger', 'visits'] as const) {
      const { missing } = await this.#replica.calls.fetchMonths(family, addMonths(until, -12 * years), until);
      if (missing > 0) throw new Error(`months of ${family} could not be fetched`);
    }
    await settled(() => this.lastChangeAt, () => true);
    return this.records;
  }

  save(count: number): Promise<number[]> {
    return rounds(count, () => this.#save());
  }

  async #save(): Promise<string> {
    const done = await this.#replica.calls.run(crypto.randomUUID(), 'logActivity', activityInput());
    if (!done.ok) throw new Error(`not saved: ${JSON.stringify(done.error)}`);
    return done.value.facts[0]?.ref.record ?? '';
  }

  async live(count: number): Promise<number[]> {
    this.watch();
    const times: number[] = [];
    for (let round = 0; round < count; round += 1) {
      times.push(await timed(async () => this.seenAt(await this.#save())));
      await rest(20);
    }
    return times;
  }

  watch(): void {
    this.#replica.reader.list('log', { kind: 'activity', limit: listLength }).subscribe((rows) => {
      const now = epoch();
      for (const { id } of rows) if (!this.#seen.has(id)) this.#seen.set(id, now);
    });
  }

  async saveNow(): Promise<SavedAt> {
    const startedAt = epoch();
    const id = await this.#save();
    return { id, startedAt, durableAt: epoch() };
  }

  async seenAt(id: string): Promise<number> {
    while (!this.#seen.has(id)) await rest(1);
    return this.#seen.get(id) ?? Number.NaN;
  }

  async redeem(count: number): Promise<number[]> {
    if (!this.#actor) throw new Error('nobody sits here');
    return redeem(this.#replica, this.#actor, count);
  }

  confirmed(): Promise<SyncStatus> {
    return when(this.#replica.status, ({ saved, sent, link }) => saved + sent === 0 && link === 'online');
  }

  async import(rows: number, made: () => void): Promise<ImportTimes> {
    const [grid] = await when(this.#replica.reader.list<{ readonly code: string }>('roster', { kind: 'grid' }), (grids) => grids.length > 0);
    return importRoster(this.#replica, grid?.fields.code ?? '', rows, made);
  }

  async cut(cut: boolean): Promise<void> {
    await this.#replica.calls.cutWire(cut);
  }

  #doors(): Promise<readonly Row<HouseholdFields>[]> {
    return when(this.#replica.reader.list<HouseholdFields>('people', { kind: 'household' }), () => true);
  }

  /** One command an edit; a few are under way at a time, as the page does not wait for the next tap. */
  async edit({ from, to, value }: Edits): Promise<number> {
    const doors = [...(await this.#doors())].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(from, to);
    const started = epoch();
    for (let at = 0; at < doors.length; at += 50)
      await Promise.all(doors.slice(at, at + 50).map(async ({ id, fields }) => {
        const ref = { room: { community: doorsCommunity, family: 'people' as const, grid: fields.grid }, record: id };
        const done = await this.#replica.calls.run(crypto.randomUUID(), 'reviseHousehold', { ref, heads: value });
        if (!done.ok) throw new Error(`not edited: ${JSON.stringify(done.error)}`);
      }));
    return epoch() - started;
  }

  async content(): Promise<Content> {
    await this.confirmed();
    await settled(() => this.lastChangeAt, () => true, 1_500);
    return contentOf((await this.#doors()).map(({ id, fields: { heads, ...others }, clashes }) => ({
      id, heads: heads ?? 0, rest: JSON.stringify([Object.entries(others).sort(), clashes]),
      listed: clashes.filter(({ field }) => field === 'heads').flatMap(({ options }) => options.map((option) => Number(option.value))),
    })));
  }

  search(): Promise<SearchTimes> {
    return when(this.#replica.reader.rollups('people'), () => true).then((rollups) =>
      searchTimes((text) => this.#replica.calls.search('people', 'volunteer', text, 20), rollups.reduce((sum, { tallies }) => sum + (tallies['kind:volunteer'] ?? 0), 0)),
    );
  }
}

const kindsIn = (tallies: Readonly<Record<string, number>>): number =>
  Object.entries(tallies).reduce((sum, [key, count]) => (key.startsWith('kind:') ? sum + count : sum), 0);

const newest = (reader: Reader, limit: number): Promise<readonly Row[]> => when(reader.list('log', { kind: 'attendance', limit }), (rows) => rows.length > 0);

export async function coldReader(place: Place): Promise<number> {
  const from = epoch();
  const reader = await openReader(place.replica, trouble);
  await newest(reader, listLength);
  const ms = epoch() - from;
  await reader.close();
  return ms;
}

export async function coldReplica(place: Place): Promise<number> {
  const from = epoch();
  const replica = await openReplica(seatingOf(place), trouble);
  const opening = replica.calls.open(seatingOf(place));
  await newest(replica.reader, listLength);
  const ms = epoch() - from;
  await opening;
  await replica.close();
  return ms;
}

/** Every query here is asked for the first time in its page, on collections that are open already. */
export async function read(place: Place): Promise<ReadTimes> {
  const reader = await openReader(place.replica, trouble);
  await newest(reader, 1);
  await when(reader.rollups('roster'), () => true);
  const lists = await rounds(5, (round) => newest(reader, listLength + round));
  let visits = 0;
  const count = await timed(async () => {
    const rollups = await when(reader.rollups('visits'), () => true);
    visits = rollups.reduce((sum, { tallies }) => sum + (tallies['kind:visit'] ?? 0), 0);
  });
  const totals = new Map<string, number>();
  const points = await timed(async () => {
    for (const { tallies } of await when(reader.rollups('ledger'), () => true))
      for (const [key, amount] of Object.entries(tallies)) if (key.startsWith('points:')) totals.set(key, (totals.get(key) ?? 0) + amount);
  });
  if (visits === 0 || totals.size === 0) throw new Error(`nothing was counted: ${visits} visits, ${totals.size} volunteers`);
  await reader.close();
  return { newest: lists, count: [count], points: [points] };
}

export async function balancesOf(place: Place): Promise<BalanceTimes> {
  const reader = await openReader(place.replica, trouble);
  await when(reader.rollups('roster'), () => true);
  const times = await balanceTimes(reader);
  await reader.close();
  return times;
}
