/** PQ1–PQ4 What the office has to look at about points, in one list: each with its facts, and the records it comes from. */
import { overlaps, overlongDays, type Overlap, type OverlongDay } from '../../domain/activity/view.ts';
import type { ActivityFields, AttendanceFields } from '../../domain/activity/schema.ts';
import { dayMs, minuteMs } from '../../domain/kernel/time.ts';
import { casesOf, openRequests, outstandingGrants, redemptionsApart, shortfallOf, type Apart, type Asked, type Case, type Outstanding, type Shortfall } from '../../domain/redemption/review.ts';
import type { GrantFields, PointsMoveFields, RequestFields, SettlementFields, VerdictFields, WriteOffFields } from '../../domain/redemption/schema.ts';
import { dataAsOf, silentAfterDays } from '../../domain/supervision/view.ts';
import type { Live, Reader, Row } from '../../replica/contract.ts';
import { chain, combine, map } from './live.ts';
import { heardLast } from './overview.ts';

/** Somebody walks from one counter to the next in more. */
const apartMs = 10 * minuteMs;
/** Somebody who was told that there are too few points has asked again by then, or not. */
const shortForDays = 7;

export interface HeldGrant extends Outstanding {
  /** When the grant was opened, where the server names no contact since. */
  readonly lastContactAt: number;
  readonly silentDays: number;
  /** The office has stopped the tablet, or says that it is lost; what it holds is still held. */
  readonly ended: boolean;
}

export interface PointsQueue {
  readonly cases: readonly Case[];
  readonly requests: readonly Asked[];
  /** Rooms of the records, by id: what is settled names them. */
  readonly roomOf: ReadonlyMap<string, string>;
  readonly grants: ReadonlyMap<string, GrantFields>;
  /** Any grant of a tablet, which names whose it is: a claim's own may be unknown. */
  readonly counters: ReadonlyMap<string, GrantFields>;
  /** Held by tablets that are stopped, or have been silent for long; the longest silent first. */
  readonly atRisk: readonly HeldGrant[];
  /** Held by tablets that were heard of late. */
  readonly inContact: readonly HeldGrant[];
  /** Written off, and redemptions came in all the same; or the ledger has not followed yet. */
  readonly writtenOff: readonly HeldGrant[];
  readonly shortfall: Shortfall;
  readonly apart: readonly Apart[];
}

/** What a person has to decide; the rest is to be known. */
export const waitingPoints = ({ cases, atRisk }: PointsQueue): number => cases.length + atRisk.length;

const isAtRisk = ({ ended, silentDays }: HeldGrant): boolean => ended || silentDays >= silentAfterDays;

/** @param stopped tablets that the office has ended, as far as this one knows */
export function pointsQueue(reader: Reader, now: number, stopped: ReadonlySet<string> = new Set()): Live<PointsQueue> {
  return combine(
    {
      grants: reader.list<GrantFields>('ledger', { kind: 'grant', parent: 'grants' }),
      moves: reader.list<PointsMoveFields>('ledger', { kind: 'pointsMove' }),
      verdicts: reader.list<VerdictFields>('ledger', { kind: 'verdict' }),
      settlements: reader.list<SettlementFields>('claims', { kind: 'settlement' }),
      writeOffs: reader.list<WriteOffFields>('claims', { kind: 'writeOff' }),
      requests: reader.list<RequestFields>('claims', { kind: 'redemptionRequest' }),
      heard: heardLast(reader),
    },
    ({ grants, moves, verdicts, settlements, writeOffs, requests, heard }) => {
      const asOf = new Map(dataAsOf(heard, now).map((each) => [each.device, each]));
      const held = outstandingGrants(grants, moves, verdicts, writeOffs).map((outstanding): HeldGrant => {
        const contact = asOf.get(outstanding.grant.fields.device);
        const since = outstanding.grant.fields.openedAt;
        const ended = stopped.has(outstanding.grant.fields.device);
        return { ...outstanding, ended, lastContactAt: contact?.lastContactAt ?? since, silentDays: contact?.silentDays ?? Math.max(0, Math.floor((now - since) / dayMs)) };
      });
      const open = held.filter(({ writtenOff }) => !writtenOff);
      return {
        cases: casesOf(verdicts, settlements),
        requests: openRequests(requests, verdicts, now - shortForDays * dayMs),
        roomOf: new Map([...verdicts, ...grants].map(({ id, room }) => [id, room])),
        counters: new Map(grants.map(({ fields }) => [fields.device, fields])),
        grants: new Map(grants.map(({ id, fields }) => [id, fields])),
        atRisk: open.filter(isAtRisk).sort((a, b) => b.silentDays - a.silentDays),
        inContact: open.filter((grant) => !isAtRisk(grant)),
        writtenOff: held.filter(({ writtenOff, late, points }) => writtenOff && (late.length > 0 || points > 0)),
        shortfall: shortfallOf(moves),
        apart: redemptionsApart(verdicts, apartMs),
      };
    },
  );
}

export interface OddServices {
  readonly overlong: readonly OverlongDay[];
  readonly overlaps: readonly Overlap[];
  readonly activities: ReadonlyMap<string, Row<ActivityFields>>;
}

/** PQ4: over the months since this one. How many rows that is, the roll-ups know before. */
export function oddServices(reader: Reader, since: string): Live<OddServices> {
  const sizes = map(reader.rollups('log'), (rollups) => {
    const sum = (key: string): number => rollups.filter(({ month }) => month >= since).reduce((total, { tallies }) => total + (tallies[key] ?? 0), 0);
    return { activities: Math.max(1, sum('kind:activity')), attendances: Math.max(1, sum('kind:attendance')) };
  });
  return chain(sizes, (size) =>
    combine(
      {
        activities: reader.list<ActivityFields>('log', { kind: 'activity', limit: size.activities }),
        attendances: reader.list<AttendanceFields>('log', { kind: 'attendance', limit: size.attendances }),
      },
      ({ activities, attendances }) => ({ overlong: overlongDays(attendances, activities), overlaps: overlaps(attendances, activities), activities: new Map(activities.map((row) => [row.id, row])) }),
    ),
  );
}
