/**
 * VS1 A visit is one statement about one door that exists; the next visit is not before the day of this one.
 * Each visit is a record of its own: two workers at the same door are two visits, not a clash.
 * VS7 A need told during a visit is written down with it: both or neither.
 * VS8 What was said of a partner is written down with it, under the partner, with no name, door or number in it.
 * VS6 A stairwell is written down in one step: each of its doors once, all of them or none.
 */
import type { CommandError, Decision, Statement } from '../kernel/command.ts';
import { birth, change, foundIn, type Decided } from '../kernel/decide.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok } from '../kernel/result.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import { decideTellNeed, namesSomebody } from '../needs/rules.ts';
import type { RecordVisit, RecordVisits, ReviseVisit } from './inputs.ts';

const nextBeforeVisit = (visitedAt: unknown, nextOn: unknown): boolean => typeof nextOn === 'string' && nextOn < dayOf(Number(visitedAt));
const beforeVisit: CommandError = { type: 'Invalid', field: 'nextOn', why: 'before-visit' };

export function decideRecordVisit({ need, feedback, ...input }: RecordVisit, decision: Decision): Decided {
  const home = { community: decision.actor.community, family: 'people' as const, grid: input.grid };
  const household = foundIn(decision, { room: home, record: input.household }, 'household');
  if (!household.ok) return household;
  if (nextBeforeVisit(input.visitedAt, input.nextOn)) return err(beforeVisit);
  const visit = birth(decision, kinds.visit, decision.newId('vis'), input);
  const told = need ? decideTellNeed({ grid: input.grid, household: input.household, ...need }, decision) : none;
  if (!told.ok) return told;
  const said = feedback ? decideFeedback(feedback, input.grid, household.value, decision) : none;
  return said.ok ? ok([visit, ...told.value, ...said.value]) : said;
}

const none: Decided = ok([]);

/** VS8. */
function decideFeedback({ partner, answer, words }: NonNullable<RecordVisit['feedback']>, grid: string, door: Folded, decision: Decision): Decided {
  const { community } = decision.actor;
  const found = foundIn(decision, { room: { community, family: 'roster' }, record: partner }, 'partner');
  if (!found.ok) return found;
  if (words && namesSomebody(words, decision, { community, family: 'people', grid }, door)) return err({ type: 'Invalid', field: 'feedback.words', why: 'personal' });
  return ok([birth(decision, kinds.feedback, decision.newId('fbk'), { grid, partner, answer, words, saidAt: decision.now })]);
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
