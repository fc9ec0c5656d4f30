/**
 * SI3, by an auditor of its own: the entries that stand are what the facts on the server's disk earn, paid once, and all
 * accounts sum to zero. The facts, posted anew in another order and in other batches, leave the same entries standing.
 */
import type { Random } from '../../server/demo/random.ts';
import type { ActivityFields, AttendanceFields } from '../../src/domain/activity/schema.ts';
import { decodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import { dayOf } from '../../src/domain/kernel/time.ts';
import type { PointsEntryFields, PointsRuleFields } from '../../src/domain/points/schema.ts';
import { Authority } from '../support/pointsWorld.ts';
import { foldedOnServer } from './checkContent.ts';
import { communityName } from './people.ts';
import type { World } from './world.ts';

interface Entry {
  readonly id: string;
  readonly fields: PointsEntryFields;
}
const live = <F>(records: readonly Folded[], kind: string): { id: string; fields: F }[] =>
  records.filter((each) => each.kind === kind && !each.deleted).map(({ record, fields }) => ({ id: record, fields: fields as F }));

const logRooms = (world: World): string[] => [...world.serverDisk.facts.keys()].filter((room) => room.split('/')[2] === 'log').sort();
const ledgerOf = (log: string): string => log.replace('/log/', '/ledger/');
const rosterRoom = `v1/${communityName}/roster`;

/** A line a person could check: who, for which attendance, how many points by which rule. */
const lineOf = ({ attendance, volunteer, points, rule }: Pick<PointsEntryFields, 'attendance' | 'volunteer' | 'points' | 'rule'>): string => `${attendance} ${volunteer} ${points} by ${rule}`;

function standing(entries: readonly Entry[]): string[] {
  const reversed = new Set(entries.map(({ fields }) => fields.reverses));
  return entries.filter(({ id, fields }) => fields.reverses === undefined && !reversed.has(id)).map(({ fields }) => lineOf(fields)).sort();
}

/** Tenths of points an hour. */
const rate = ({ pointsPerHour, coefficientTenths = 10 }: PointsRuleFields): number => pointsPerHour * coefficientTenths;

/** What each attendance of a month earns, worked out anew in the plainest way. */
function earned(log: readonly Folded[], rules: readonly { id: string; fields: PointsRuleFields }[]): string[] {
  const activities = new Map(live<ActivityFields>(log, 'activity').map(({ id, fields }) => [id, fields]));
  const lines: string[] = [];
  const used = new Map<string, number>();
  const attendances = live<AttendanceFields>(log, 'attendance').flatMap(({ id, fields }) => {
    const activity = activities.get(fields.activity);
    return activity?.status === 'held' ? [{ id, fields, activity }] : [];
  });
  attendances.sort((a, b) => a.activity.startsAt - b.activity.startsAt || (a.id < b.id ? -1 : 1));
  for (const { id, fields, activity } of attendances) {
    const day = dayOf(activity.startsAt);
    const inForce = rules.filter((rule) => rule.fields.serviceClass === activity.serviceClass && rule.fields.validFrom <= day);
    inForce.sort((a, b) => (a.fields.validFrom < b.fields.validFrom ? 1 : a.fields.validFrom > b.fields.validFrom ? -1 : rate(b.fields) - rate(a.fields) || (a.id < b.id ? 1 : -1)));
    const rule = inForce[0];
    if (!rule) continue;
    const spans = [['activityCap', fields.activity], ['dayCap', day], ['monthCap', 'month']] as const;
    const purse = (span: string): string => `${fields.volunteer}/${activity.serviceClass}/${span}`;
    const left = spans.map(([cap, span]) => (rule.fields[cap] ?? Number.POSITIVE_INFINITY) - (used.get(purse(span)) ?? 0));
    const points = Math.max(0, Math.min(Math.round((rate(rule.fields) * fields.hoursTenths) / 100), ...left));
    for (const [, span] of spans) used.set(purse(span), (used.get(purse(span)) ?? 0) + points);
    if (points > 0) lines.push(lineOf({ attendance: id, volunteer: fields.volunteer, points, rule: rule.id }));
  }
  return lines.sort();
}

const same = (what: string, here: readonly string[], there: readonly string[]): string[] =>
  here.join('\n') === there.join('\n') ? [] : [`${what}: ${here.filter((line) => !there.includes(line)).slice(0, 3).join('; ')} instead of ${there.filter((line) => !here.includes(line)).slice(0, 3).join('; ')}`];

const entriesOf = (world: World, log: string): Entry[] => live<PointsEntryFields>(foldedOnServer(world, ledgerOf(log)), 'pointsEntry');

/** Ledgers only grow: one of the same size was looked at before. */
const seen = new WeakMap<World, Map<string, number>>();

function hasGrown(world: World, ledger: string): boolean {
  const sizes = seen.get(world) ?? new Map<string, number>();
  seen.set(world, sizes);
  const size = world.serverDisk.facts.get(ledger)?.size ?? 0;
  const grown = sizes.get(ledger) !== size;
  sizes.set(ledger, size);
  return grown;
}

/** Holds at every moment: no point comes from nowhere, nothing is paid twice or taken back twice. */
export function unbalanced(world: World): string[] {
  return logRooms(world).filter((log) => hasGrown(world, ledgerOf(log))).flatMap((log) => {
    const entries = entriesOf(world, log);
    const totals = new Map<string, number>();
    for (const { fields } of entries) {
      totals.set(fields.credit, (totals.get(fields.credit) ?? 0) + fields.points);
      totals.set(fields.debit, (totals.get(fields.debit) ?? 0) - fields.points);
    }
    const wrong = [...totals].filter(([account, points]) => account !== 'issued' && points < 0).map(([account, points]) => `${account} stands at ${points}`);
    if ([...totals.values()].reduce((sum, points) => sum + points, 0) !== 0) wrong.push(`${log} does not sum to zero`);
    const reversals = entries.flatMap(({ fields }) => fields.reverses ?? []);
    if (new Set(reversals).size !== reversals.length) wrong.push(`${log} takes an entry back twice`);
    const paid = standing(entries).map((line) => line.split(' ')[0]);
    if (new Set(paid).size !== paid.length) wrong.push(`${log} pays an attendance twice`);
    return wrong;
  });
}

/** Holds at rest. */
export function inexact(world: World, random: Random): string[] {
  const roster = foldedOnServer(world, rosterRoom);
  const rules = live<PointsRuleFields>(roster, 'pointsRule');
  const factsIn = (room: string): Fact[] => [...(world.serverDisk.facts.get(room) ?? [])].map(([id, { json }]) => decodeFact(id, json));
  return logRooms(world).flatMap((log) => {
    const here = standing(entriesOf(world, log));
    const anew = new Authority();
    const facts = random.shuffled([...factsIn(rosterRoom).filter(({ kind }) => kind === 'pointsRule'), ...factsIn(log)]);
    for (let from = 0; from < facts.length; from += 40) {
      anew.receive(facts.slice(from, from + 40));
      anew.post();
    }
    return [...same(`${log} pays`, here, earned(foldedOnServer(world, log), rules)), ...same(`${log} in another order pays`, standing(anew.listed()), here)];
  });
}
