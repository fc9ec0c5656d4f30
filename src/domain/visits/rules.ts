/**
 * VS1 A visit is one statement about one door that exists; the next visit is not before the day of this one.
 * Each visit is a record of its own: two workers at the same door are two visits, not a clash.
 * VS7 A need told during a visit is written down with it: both or neither.
 * VS6 A stairwell is written down in one step: each of its doors once, all of them or none.
 */
import type { CommandError, Decision, Statement } from '../kernel/command.ts';
import { birth, change, foundIn, type Decided } from '../kernel/decide.ts';
import { err, ok } from '../kernel/result.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { decideTellNeed } from '../needs/rules.ts';
import type { RecordVisit, RecordVisits, ReviseVisit } from './inputs.ts';

const nextBeforeVisit = (visitedAt: unknown, nextOn: unknown): boolean => typeof nextOn === 'string' && nextOn < dayOf(Number(visitedAt));
const beforeVisit: CommandError = { type: 'Invalid', field: 'nextOn', why: 'before-visit' };

export function decideRecordVisit({ need, ...input }: RecordVisit, decision: Decision): Decided {
  const home = { community: decision.actor.community, family: 'people' as const, grid: input.grid };
  const household = foundIn(decision, { room: home, record: input.household }, 'household');
  if (!household.ok) return household;
  if (nextBeforeVisit(input.visitedAt, input.nextOn)) return err(beforeVisit);
  const visit = birth(decision, kinds.visit, decision.newId('vis'), input);
  if (!need) return ok([visit]);
  const told = decideTellNeed({ grid: input.grid, household: input.household, ...need }, decision);
  return told.ok ? ok([visit, ...told.value]) : told;
}

export function decideRecordVisits({ households, ...visit }: RecordVisits, decision: Decision): Decided {
  const statements: Statement[] = [];
  for (const household of new Set(households)) {
    const decided = decideRecordVisit({ ...visit, household }, decision);
    if (!decided.ok) return decided;
    statements.push(...decided.value);
  }
  return ok(statements);
}

export function decideReviseVisit({ ref, ...wanted }: ReviseVisit, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'visit');
  if (!found.ok) return found;
  const { fields } = found.value;
  const next = wanted.nextOn === undefined ? fields['nextOn'] : wanted.nextOn;
  if (nextBeforeVisit(wanted.visitedAt ?? fields['visitedAt'], next)) return err(beforeVisit);
  return ok(change(ref, found.value, wanted));
}
