/**
 * Taking a whole import back: what it created goes, what it changed has its value of before again. Facts like any other, so this
 * can itself be taken back, record by record.
 *
 * - IM15 Whoever imported, or a supervisor, takes an import back for 31 days. What somebody has changed since, or built on, stays and
 *   is named with the reason; a consent goes only with its resident.
 * - IM16 It is one step; it depends on the facts that are here and on nothing else, and done again it states nothing.
 */
import { isSupervisor, type Actor } from '../kernel/actor.ts';
import type { CommandError, Decision, RecordRef, Statement } from '../kernel/command.ts';
import type { Decided } from '../kernel/decide.ts';
import { counterOf, deviceTagOf, type FactId, type Fields } from '../kernel/fact.ts';
import { sameValue, type Folded } from '../kernel/fold.ts';
import type { HistoryEntry } from '../kernel/history.ts';
import { idTimeMs } from '../kernel/ids.ts';
import type { Kind } from '../kernel/kind.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { sameRoom, type RoomAddress, type RoomFamily } from '../kernel/room.ts';
import { addMonths, dayMs, monthOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { maySee } from '../permission.ts';
import { takenBack } from '../revision/rules.ts';
import type { TakeBackImport } from './inputs.ts';
import { roomsOfImport } from './rules.ts';
import type { IntakeFields, ListName } from './schema.ts';

export const takeBackDays = 31;

/** Where what was imported is built on, besides its own rooms. */
const builtOnIn: Readonly<Record<ListName, readonly RoomFamily[]>> = { doors: ['visits'], residents: [], volunteers: ['log'], partners: ['log'], members: [] };

/** That somebody looked builds on nothing. */
const buildsOnNothing: ReadonlySet<string> = new Set(['reading', 'intake']);

const monthsOf = ({ ref }: TakeBackImport, now: number): readonly string[] => {
  const first = monthOf(idTimeMs(ref.record));
  const months = [first, addMonths(first, 1), addMonths(first, 2)];
  return months.filter((month, index) => index === 0 || month <= monthOf(now));
};

export function roomsOfTakingBack(input: TakeBackImport, actor: Actor, now: number): readonly RoomAddress[] {
  const { community } = actor;
  const elsewhere = builtOnIn[input.list].flatMap((family) =>
    monthsOf(input, now).flatMap((month): readonly RoomAddress[] => (family === 'visits' ? input.grids.map((grid) => ({ community, family, grid, month })) : [{ community, family, month }])),
  );
  const rooms = [input.ref.room, ...roomsOfImport(input, actor), ...elsewhere.filter((room) => maySee(actor, room))];
  return rooms.filter((room, index) => rooms.findIndex((other) => sameRoom(room, other)) === index);
}

export const stays = ['changed', 'used'] as const;
/** Why a record of an import is not taken back. */
export type StaysWhy = (typeof stays)[number];

export interface KeptRecord {
  readonly ref: RecordRef;
  readonly kind: string;
  readonly fields: Fields;
  readonly why: StaysWhy;
}

interface Plan {
  readonly gone: readonly Statement[];
  readonly restored: readonly Statement[];
  readonly kept: readonly KeptRecord[];
}

interface Standing {
  readonly ref: RecordRef;
  readonly record: Folded;
}

const statementOf = ({ ref, record }: Standing, set: Fields): Statement => ({ ...ref, kind: record.kind, set });
const keptFrom = ({ ref, record: { kind, fields } }: Standing, why: StaysWhy): KeptRecord => ({ ref, kind, fields, why });

const textsIn = ({ fields }: Folded): readonly string[] => Object.values(fields).flat().filter((value) => typeof value === 'string');
/** What others call it. */
const calledBy = ({ record, kind, fields }: Folded): readonly string[] => (kind === 'volunteer' ? [record, String(fields['number'])] : [record]);

const progressEvery = 250;

/** Everything that stands in the rooms of an import, and in those where it may be built on. */
function standingIn(decision: Decision, rooms: readonly RoomAddress[]): readonly Standing[] {
  const kindsOf = Map.groupBy(Object.values<Kind>(kinds), ({ family }) => family);
  return rooms.flatMap((room) => (kindsOf.get(room.family) ?? []).flatMap(({ name }) => decision.every(room, name).map((record) => ({ ref: { room, record: record.record }, record }))));
}

/** RV2, and whether something of it was left because it says something else by now. */
function restoration({ ref, record }: Standing, history: readonly HistoryEntry[], own: ReadonlySet<FactId>, decision: Decision): { readonly set: Fields; readonly overtaken: boolean } {
  const set = takenBack(record, history, own, (fact) => decision.inverse(ref, fact) ?? {});
  const changes = history.filter(({ fact }) => own.has(fact)).flatMap((entry) => entry.changes);
  return { set, overtaken: changes.some(({ field, before }) => !(field in set) && !sameValue(record.fields[field] ?? null, before ?? null)) };
}

/** Of what an import created, what nothing else stands on. What stays keeps what it stands on itself. */
function withoutUsed(born: readonly Standing[], others: Iterable<Folded>): { readonly gone: readonly Standing[]; readonly used: readonly Standing[] } {
  const named = new Set<string>();
  const name = (record: Folded): void => {
    if (!buildsOnNothing.has(record.kind)) for (const text of textsIn(record)) named.add(text);
  };
  for (const record of others) name(record);
  const used: Standing[] = [];
  let gone = born;
  for (;;) {
    const left = new Set(gone.map(({ record }) => record.record));
    const isUsed = ({ record }: Standing): boolean => calledBy(record).some((called) => named.has(called));
    const withItsResident = ({ record }: Standing): boolean => record.kind === 'consent' && !left.has(String(record.fields['resident']));
    const staying = new Set(gone.filter((each) => isUsed(each) || withItsResident(each)));
    if (staying.size === 0) return { gone, used };
    for (const { record } of staying) name(record);
    used.push(...[...staying].filter((each) => !withItsResident(each)));
    gone = gone.filter((each) => !staying.has(each));
  }
}

function planned(input: TakeBackImport, decision: Decision): Result<Plan, CommandError> {
  const { actor, now } = decision;
  const { ref, list, grids, groups } = input;
  const found = decision.find(ref.room, ref.record);
  const stated = decision.history(ref).find(({ birth }) => birth);
  if (!found || found.kind !== 'intake' || !stated) return err({ type: 'NotFound', record: ref.record });
  const said = found.fields as IntakeFields;
  if (said.list !== list || !sameValue(said.grids, [...grids]) || !sameValue(said.groups, [...groups])) return err({ type: 'NotFound', record: ref.record });
  if (stated.by !== actor.person && !isSupervisor(actor)) return err({ type: 'NotAllowed' });
  const rooms = roomsOfImport(input, actor);
  if (rooms.length < grids.length + groups.length) return err({ type: 'NotAllowed' });
  if (now - stated.at > takeBackDays * dayMs) return err({ type: 'Invalid', field: 'ref', why: 'too-late' });

  const [device, last] = [deviceTagOf(stated.fact), counterOf(stated.fact)];
  const isOwn = (fact: FactId): boolean => deviceTagOf(fact) === device && counterOf(fact) <= last && counterOf(fact) > last - said.facts;
  const standing = standingIn(decision, roomsOfTakingBack(input, actor, now));
  const born: Standing[] = [];
  const restored: Statement[] = [];
  const kept: KeptRecord[] = [];
  for (const [index, each] of standing.entries()) {
    if (index > 0 && index % progressEvery === 0) decision.progress?.(index, standing.length);
    if (each.record.bornAt > stated.at || each.record.changedAt < stated.at || each.record.kind === 'intake') continue;
    const history = decision.history(each.ref);
    const own = new Set(history.map(({ fact }) => fact).filter(isOwn));
    if (own.size === 0) continue;
    if (!history.some(({ fact, birth }) => birth && own.has(fact))) {
      const { set, overtaken } = restoration(each, history, own, decision);
      if (Object.keys(set).length > 0) restored.push(statementOf(each, set));
      if (overtaken) kept.push(keptFrom(each, 'changed'));
    } else if (history.length === own.size) born.push(each);
    else kept.push(keptFrom(each, 'changed'));
  }
  const bornIds = new Set(born.map(({ record }) => record.record));
  const { gone, used } = withoutUsed(born, standing.map(({ record }) => record).filter(({ record }) => !bornIds.has(record)));
  return ok({ gone: gone.map((each) => statementOf(each, { deleted: true })), restored, kept: [...kept, ...used.map((each) => keptFrom(each, 'used'))] });
}

export function decideTakeBackImport(input: TakeBackImport, decision: Decision): Decided {
  const plan = planned(input, decision);
  return plan.ok ? ok([...plan.value.gone, ...plan.value.restored]) : plan;
}

/** What a screen shows before it is done. */
export interface ForeseenTakingBack {
  readonly gone: number;
  readonly restored: number;
  readonly kept: number;
  /** The first of those that stay. */
  readonly shown: readonly KeptRecord[];
}

const shownMax = 100;
const byRecord = (a: KeptRecord, b: KeptRecord): number => (a.ref.record < b.ref.record ? -1 : 1);

export function foreseeTakingBack(input: TakeBackImport, decision: Decision): Result<ForeseenTakingBack, CommandError> {
  const plan = planned(input, decision);
  if (!plan.ok) return plan;
  const { gone, restored, kept } = plan.value;
  return ok({ gone: gone.length, restored: restored.length, kept: kept.length, shown: [...kept].sort(byRecord).slice(0, shownMax) });
}
