/**
 * SV5 What came in since one last looked, in figures: "6 tablets came back: 41 visits, 3 fields changed by two people".
 * SV6 As of when each tablet's data is.
 */
import type { Clash } from '../kernel/fold.ts';
import { dayMs, dayOf } from '../kernel/time.ts';

/** What one tablet brought in at one time. */
export interface Arrival {
  readonly device: string;
  readonly by: string;
  readonly arrivedAt: number;
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
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
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
}

export interface MergeSummary {
  readonly tablets: number;
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
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

/** @param arrivals since the supervisor last looked; clashes are all that are open, however old: they do not go away by looking */
export function mergeSummary(arrivals: readonly Arrival[], clashed: readonly ClashedRecord[]): MergeSummary {
  const byDevice = new Map<string, Arrival[]>();
  for (const arrival of arrivals) byDevice.set(arrival.device, [...(byDevice.get(arrival.device) ?? []), arrival]);
  const devices = [...byDevice].map(([device, own]): DeviceArrivals => ({
    device,
    by: [...new Set(own.map((arrival) => arrival.by))].sort(),
    lastArrivedAt: Math.max(...own.map((arrival) => arrival.arrivedAt)),
    born: sum(own.map((arrival) => arrival.born)),
    changed: sum(own.map((arrival) => arrival.changed)),
  }));
  return {
    tablets: devices.length,
    born: sum(arrivals.map((arrival) => arrival.born)),
    changed: sum(arrivals.map((arrival) => arrival.changed)),
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

const silentAfterDays = 7;

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
