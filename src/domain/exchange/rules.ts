/**
 * - IM6 An import is one command: every row that is taken is stated in one step, or none is. While a row is wrong nothing is taken,
 *   unless the person has said to leave the wrong ones out.
 */
import type { Actor } from '../kernel/actor.ts';
import type { CommandError, Decision, Statement } from '../kernel/command.ts';
import { birth, type Decided } from '../kernel/decide.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { kinds } from '../kinds.ts';
import { membersRoom, peopleRoom } from '../people/rules.ts';
import { maySee } from '../permission.ts';
import type { ImportList, RowFault } from './column.ts';
import { rowsFrom, type ImportRows } from './inputs.ts';
import { importLists } from './lists.ts';
import { planImport, type ImportPlan, type PlannedRow } from './plan.ts';

const roomsOf: Readonly<Record<ImportList['of'], (input: Where, community: string) => readonly RoomAddress[]>> = {
  community: (_input, community) => [{ community, family: 'roster' }],
  grid: ({ grids }, community) => grids.map((grid) => peopleRoom(community, grid)),
  group: ({ groups }, community) => groups.map((group) => membersRoom(community, group)),
};

type Where = Pick<ImportRows, 'list' | 'grids' | 'groups'>;
export const roomsOfImport = (input: Where, actor: Actor): readonly RoomAddress[] =>
  roomsOf[importLists[input.list].of](input, actor.community).filter((room) => maySee(actor, room));

function planned(input: ImportRows, decision: Decision): Result<ImportPlan, CommandError> {
  const rows = rowsFrom(input.list, input.rows);
  if (!rows.ok) return err({ type: 'Invalid', field: 'rows' });
  const rooms = roomsOfImport(input, decision.actor);
  if (rooms.length === 0) return err({ type: 'NotAllowed' });
  return ok(planImport(importLists[input.list], rows.value, decision, rooms));
}

export function decideImportRows(input: ImportRows, decision: Decision): Decided {
  const plan = planned(input, decision);
  if (!plan.ok) return plan;
  const { rows, wrong, statements } = plan.value;
  if (rows.length === 0 && wrong.some(({ why }) => why === 'not-allowed')) return err({ type: 'NotAllowed' });
  if (wrong.length + input.unreadable > 0 && !input.leaveOutWrong) return err({ type: 'Invalid', field: 'rows' });
  const stated = statements();
  return ok(stated.length === 0 ? [] : [...stated, written(input, decision, rows, stated)]);
}

/** IM14. The last of what is stated, so that the ids of the facts before it are the import's (decision 19). */
function written({ list }: ImportRows, decision: Decision, rows: readonly PlannedRow[], stated: readonly Statement[]): Statement {
  const places = stated.map(({ room }) => room);
  const count = (outcome: PlannedRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  return birth(decision, kinds.intake, decision.newId('imp'), {
    list,
    grids: [...new Set(places.flatMap(({ grid }) => grid ?? []))],
    groups: [...new Set(places.flatMap(({ partner }) => (partner === undefined ? [] : [`par_${partner}`])))],
    born: count('new'),
    changed: count('changed'),
    facts: stated.length + 1,
  });
}

/** What a preview shows of a file that was looked at and not taken. */
export interface Foreseen {
  readonly born: number;
  readonly changed: number;
  readonly same: number;
  readonly comesWith: number;
  /** The first of each outcome, in the order of the file. */
  readonly shown: readonly PlannedRow[];
  readonly wrong: readonly RowFault[];
}

const shownMax = { new: 8, changed: 100, same: 2 } as const;

export function foreseeImport(input: ImportRows, decision: Decision): Result<Foreseen, CommandError> {
  const plan = planned(input, decision);
  if (!plan.ok) return plan;
  const { rows, wrong, comesWith } = plan.value;
  const byOutcome = Map.groupBy(rows, ({ outcome }) => outcome);
  const count = (outcome: PlannedRow['outcome']): number => byOutcome.get(outcome)?.length ?? 0;
  const shown = (['new', 'changed', 'same'] as const).flatMap((outcome) => byOutcome.get(outcome)?.slice(0, shownMax[outcome]) ?? []);
  return ok({ born: count('new'), changed: count('changed'), same: count('same'), comesWith, shown, wrong });
}
