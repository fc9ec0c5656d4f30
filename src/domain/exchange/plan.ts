/**
 * What a file would do to what is here, and what it does.
 *
 * - IM4 A row is about the record that is already known as the same thing; it states only what differs, and nothing where nothing does:
 *   the same file again states no fact.
 * - IM5 A row that is wrong is named by its number, its column and the reason; two rows about the same thing are wrong, and so is a
 *   row that would settle what two people disagree on.
 */
import type { Decision, Statement } from '../kernel/command.ts';
import type { Fields, Value } from '../kernel/fact.ts';
import { sameValue, type Folded } from '../kernel/fold.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { sameRoom, type RoomAddress } from '../kernel/room.ts';
import { membersRoom, peopleRoom } from '../people/rules.ts';
import { whyNot } from '../permission.ts';
import type { Fault, ImportList, Placed, RowFault, TypedRow } from './column.ts';

export interface PlannedRow {
  readonly row: number;
  readonly outcome: 'new' | 'changed' | 'same';
  /** What it would set, and what stood there. */
  readonly set: Fields;
  readonly before: Fields;
}

export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  readonly wrong: readonly RowFault[];
  /** Buildings and the like that come with the rows. */
  readonly comesWith: number;
  /** Asked once: ids are made here. */
  statements(): readonly Statement[];
}

const progressEvery = 250;

const differing = (record: Folded, wanted: Fields): Record<string, Value> =>
  Object.fromEntries(Object.entries(wanted).filter(([field, value]) => value !== null && !sameValue(record.fields[field] ?? null, value)));

const roomOf: Readonly<Record<ImportList['of'], (community: string, fields: Fields) => RoomAddress>> = {
  community: (community) => ({ community, family: 'roster' }),
  grid: (community, { grid }) => peopleRoom(community, String(grid)),
  group: (community, { partner }) => membersRoom(community, String(partner)),
};

/** The place of a row that this person may not look into. */
const unknownPlace: Readonly<Record<ImportList['of'], Fault>> = {
  community: { why: 'not-allowed' }, grid: { why: 'unknown-grid', field: 'grid' }, group: { why: 'unknown-group', field: 'partner' },
};

/** What a person may not do is told before anything else is. A number of the tablet's own stands for those still to be made. */
function forbidden(list: ImportList, decision: Decision, row: TypedRow, placed: Placed | undefined, set: Fields): boolean {
  const { actor } = decision;
  const { known } = placed ?? {};
  if (known) return Object.keys(set).length > 0 && whyNot(actor, 'change', list.kind, { room: known.room, record: known.record.record, fields: known.record.fields, set }) !== undefined;
  return whyNot(actor, 'state', list.kind, { room: roomOf[list.of](actor.community, row.fields), set: { number: `XX${actor.device.toUpperCase()}`, ...row.fields } }) !== undefined;
}

export function planImport(list: ImportList, rows: readonly TypedRow[], decision: Decision, rooms: readonly RoomAddress[]): ImportPlan {
  const place = list.placing(decision, rooms.flatMap(({ grid }) => grid ?? []));
  const seen = new Map<string, number>();
  const planned: PlannedRow[] = [];
  const wrong: RowFault[] = [];
  const needed = new Set<string>();
  const births: Placed[] = [];
  const changes: Statement[] = [];

  function plan(row: TypedRow): Result<readonly [Placed, PlannedRow], Fault> {
    const home = roomOf[list.of](decision.actor.community, row.fields);
    if (!rooms.some((room) => sameRoom(room, home))) return err(unknownPlace[list.of]);
    const placed = place(row);
    if (!placed.ok) return placed;
    const { identity, known, wanted, lacks } = placed.value;
    const other = seen.get(identity);
    if (other !== undefined) return err({ why: 'twice', other });
    // Also of a row that is wrong: else the next one about the same thing would make it right when the file comes again.
    seen.set(identity, row.row);
    if (lacks) return err(lacks);
    const set = known ? differing(known.record, wanted) : wanted;
    const clashed = known?.record.clashes.find(({ field }) => field in set);
    if (clashed) return err({ why: 'clash', field: clashed.field });
    if (forbidden(list, decision, row, placed.value, set)) return err({ why: 'not-allowed' });
    const before = Object.fromEntries(Object.keys(known ? set : {}).map((field) => [field, known?.record.fields[field] ?? null]));
    return ok([placed.value, { row: row.row, outcome: !known ? 'new' : Object.keys(set).length > 0 ? 'changed' : 'same', set, before }]);
  }

  for (const [index, row] of rows.entries()) {
    if (index > 0 && index % progressEvery === 0) decision.progress?.(index, rows.length);
    const done = plan(row);
    if (!done.ok) {
      wrong.push({ row: row.row, ...done.error });
      continue;
    }
    const [placed, outcome] = done.value;
    planned.push(outcome);
    if (outcome.outcome === 'new') {
      births.push(placed);
      if (placed.needs !== undefined) needed.add(placed.needs);
    }
    if (placed.known && outcome.outcome === 'changed')
      changes.push({ room: placed.known.room, record: placed.known.record.record, kind: list.kind, set: outcome.set });
  }
  return { rows: planned, wrong, comesWith: needed.size, statements: () => [...births.flatMap((placed) => placed.born()), ...changes] };
}
