/**
 * SV5 What came in since one last looked, in figures: "6 tablets came back: 41 visits, 3 fields changed by two people".
 * SV6 As of when each tablet's data is.
 */
import type { Clash } from '../kernel/fold.ts';
import { dayMs, dayOf } from '../kernel/time.ts';

/** A record that somebody brought in, where it stands. */
export interface ArrivedRecord {
  readonly record: string;
  readonly kind: string;
  /** As it stands on the wire. */
  readonly room: string;
  /** Its month was over when it came in. */
  readonly late: boolean;
}

/** That an arrival names: more than a worker's morning. */
export const recordsMax = 50;

/** What one tablet brought in at one time. Rows of an earlier version say counts alone. */
export interface Arrival {
  readonly device: string;
  readonly by: string;
  readonly arrivedAt: number;
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  /** '' for what is of no grid. */
  readonly grid?: string;
  /** When the oldest of it was written, by the clock of the tablet that brought it. */
  readonly oldestAt?: number;
  /** What came in for a month that was over. */
  readonly late?: Readonly<Record<string, number>>;
  /** The first few of it. */
  readonly records?: readonly ArrivedRecord[];
}

export interface ClashedRecord {
  readonly id: string;
  readonly kind: string;
  readonly clashes: readonly Clash[];
}

export interface DeviceArrivals {
  readonly device: string;
  /** Everybody who stated something on it. */
  readonly by: readonly string[];
  readonly lastArrivedAt: number;
  /** MR2 How long it had kept the oldest of it, at least: undefined where nobody wrote that down. */
  readonly heldMs: number | undefined;
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  readonly late: Readonly<Record<string, number>>;
  /** Newest first; the first few. */
  readonly records: readonly ArrivedRecord[];
}

export interface MergeSummary {
  readonly tablets: number;
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  /** What came in for months that were over. */
  readonly late: Readonly<Record<string, number>>;
  readonly lateRecords: readonly ArrivedRecord[];
  readonly clashedRecords: number;
  readonly clashedFields: number;
  /** Latest arrival first. */
  readonly devices: readonly DeviceArrivals[];
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total = new Map<string, number>();
  for (const each of counts) for (const [kind, count] of Object.entries(each)) total.set(kind, (total.get(kind) ?? 0) + count);
  return Object.fromEntries([...total].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function heldFor(arrivals: readonly Arrival[]): number | undefined {
  const held = arrivals.flatMap(({ arrivedAt, oldestAt }) => (oldestAt === undefined ? [] : [arrivedAt - oldestAt]));
  // A clock that is ahead wrote in the future: that is no time at all.
  return held.length === 0 ? undefined : Math.max(0, ...held);
}

function distinctRecords(arrivals: readonly Arrival[]): readonly ArrivedRecord[] {
  const newest = [...arrivals].sort((a, b) => b.arrivedAt - a.arrivedAt).flatMap(({ records = [] }) => records);
  return [...new Map(newest.map((each) => [each.record, each] as const).reverse()).values()].reverse();
}

/** What of the report somebody wants to see; undefined is everything. */
export interface ReportFilter {
  readonly person?: string | undefined;
  readonly kind?: string | undefined;
  readonly grid?: string | undefined;
}

const onlyKind = (counts: Readonly<Record<string, number>>, kind: string | undefined): Readonly<Record<string, number>> =>
  kind === undefined ? counts : counts[kind] === undefined ? {} : { [kind]: counts[kind] };

/** MR5 */
export function filteredArrivals(arrivals: readonly Arrival[], { person, kind, grid }: ReportFilter): readonly Arrival[] {
  return arrivals
    .filter((arrival) => (person === undefined || arrival.by === person) && (grid === undefined || (arrival.grid ?? '') === grid))
    .map((arrival) => ({
      ...arrival,
      born: onlyKind(arrival.born, kind), changed: onlyKind(arrival.changed, kind), late: onlyKind(arrival.late ?? {}, kind),
      records: (arrival.records ?? []).filter((each) => kind === undefined || each.kind === kind),
    }))
    .filter(({ born, changed }) => Object.keys(born).length + Object.keys(changed).length > 0);
}

/**
 * MR3 What is agreed, promised or ruled on: a difference there is never settled by anything but a person's choice of it, and
 * stands before all others.
 */
const decisions: ReadonlyMap<string, ReadonlySet<string> | 'all'> = new Map<string, ReadonlySet<string> | 'all'>([
  ['consent', 'all'], ['conversion', 'all'], ['pointsRule', 'all'], ['pair', 'all'], ['partnerPair', 'all'],
  ['partner', new Set(['fundInFen', 'fundInFrequency', 'activityQuota', 'activityQuotaPer', 'consideration', 'stage'])],
]);
export function needsDecision(kind: string, field: string): boolean {
  const fields = decisions.get(kind);
  return fields === 'all' || fields?.has(field) === true;
}

/** @param arrivals since the supervisor last looked; clashes are all that are open, however old: they do not go away by looking */
export function mergeSummary(arrivals: readonly Arrival[], clashed: readonly ClashedRecord[]): MergeSummary {
  const byDevice = new Map<string, Arrival[]>();
  for (const arrival of arrivals) byDevice.set(arrival.device, [...(byDevice.get(arrival.device) ?? []), arrival]);
  const devices = [...byDevice].map(([device, own]): DeviceArrivals => ({
    device,
    by: [...new Set(own.map((arrival) => arrival.by))].sort(),
    lastArrivedAt: Math.max(...own.map((arrival) => arrival.arrivedAt)),
    heldMs: heldFor(own),
    born: sum(own.map((arrival) => arrival.born)),
    changed: sum(own.map((arrival) => arrival.changed)),
    late: sum(own.map((arrival) => arrival.late ?? {})),
    records: distinctRecords(own),
  }));
  return {
    tablets: devices.length,
    born: sum(arrivals.map((arrival) => arrival.born)),
    changed: sum(arrivals.map((arrival) => arrival.changed)),
    late: sum(arrivals.map((arrival) => arrival.late ?? {})),
    lateRecords: distinctRecords(arrivals).filter(({ late }) => late),
    clashedRecords: clashed.length,
    clashedFields: clashed.reduce((count, record) => count + record.clashes.length, 0),
    devices: devices.sort((a, b) => b.lastArrivedAt - a.lastArrivedAt || (a.device < b.device ? -1 : 1)),
  };
}

export interface Contact {
  readonly device: string;
  readonly person: string;
  readonly lastContactAt: number;
}

export interface DataAsOf extends Contact {
  /** `today`, `quiet` for up to a week, `silent` beyond: then somebody should ask where the tablet is. */
  readonly state: 'today' | 'quiet' | 'silent';
  readonly silentDays: number;
}

export const silentAfterDays = 7;

/** The longest silent first: what a figure lacks is most likely on that tablet. */
export function dataAsOf(contacts: readonly Contact[], now: number): DataAsOf[] {
  return contacts
    .map((contact): DataAsOf => {
      // A tablet whose contact lies in the future was heard with another clock: that is today.
      const silentDays = Math.max(0, Math.floor((now - contact.lastContactAt) / dayMs));
      const state = silentDays >= silentAfterDays ? 'silent' : contact.lastContactAt >= now || dayOf(contact.lastContactAt) === dayOf(now) ? 'today' : 'quiet';
      return { ...contact, state, silentDays };
    })
    .sort((a, b) => a.lastContactAt - b.lastContactAt || (a.device < b.device ? -1 : 1));
}
