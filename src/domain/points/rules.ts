/**
 * PN2 The points table is dated: a row is never edited, a newer row takes over from its day.
 *
 * - RT1 What days gone by earned stays: a row starts today or later, an earlier start is for a class without a row in force;
 *   a row in force is taken away on the day it was entered, and not after it.
 */
import type { Command, CommandError, Decision, Statement } from '../kernel/command.ts';
import { birthOnce, type Decided } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import type { Folded } from '../kernel/fold.ts';
import { err } from '../kernel/result.ts';

import type { RoomAddress } from '../kernel/room.ts';
import { dayOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import type { AddPointsRule } from './inputs.ts';
import { pointsRuleId } from './schema.ts';

const rosterOf = ({ actor }: Decision): RoomAddress => ({ community: actor.community, family: 'roster' });
const tableOf = (decision: Decision): readonly Folded[] => decision.every(rosterOf(decision), 'pointsRule');

interface Start {
  readonly serviceClass?: unknown;
  readonly validFrom?: unknown;
}

/** Why a row can't begin on its day beside the rows there are; for a form, too, before it is saved. */
export function startProblem(row: Start, table: readonly { readonly fields: Start }[], today: string): 'taken' | 'past' | undefined {
  const own = table.filter(({ fields }) => fields.serviceClass === row.serviceClass);
  if (own.some(({ fields }) => fields.validFrom === row.validFrom)) return 'taken';
  const reachesBack = String(row.validFrom) < today && own.some(({ fields }) => String(fields.validFrom) <= today);
  return reachesBack ? 'past' : undefined;
}

/** One row for a class and day: to replace it, remove it first, so that the history shows who did. */
export function decideAddPointsRule({ coefficientTenths, ...rest }: AddPointsRule, decision: Decision): Decided {
  // Times one is what a row without a coefficient says: one rule has one id.
  const row = coefficientTenths === 10 ? rest : { coefficientTenths, ...rest };
  const table = tableOf(decision);
  const problem = startProblem(row, table, dayOf(decision.now));
  if (problem === 'past') return err(pastPoints);
  const twin = table.find(({ fields }) => fields['serviceClass'] === row.serviceClass && fields['validFrom'] === row.validFrom);
  if (twin) return err({ type: 'AlreadyExists', record: twin.record });
  return birthOnce(decision, kinds.pointsRule, pointsRuleId(given(row)), row);
}

const pastPoints: CommandError = { type: 'Invalid', field: 'validFrom', why: 'past-points' };
const ruleInForce: CommandError = { type: 'Invalid', field: 'validFrom', why: 'rule-in-force' };

function enteredToday(statement: Statement, decision: Decision): boolean {
  const births = decision.history(statement).filter((entry) => entry.birth);
  return births.some((entry) => dayOf(entry.at) === dayOf(decision.now));
}

function problemOf(statement: Statement, decision: Decision): CommandError | undefined {
  const row = decision.find(statement.room, statement.record);
  if (statement.kind !== 'pointsRule' || !row) return undefined;
  if (statement.set['deleted'] === false) return startProblem(row.fields, tableOf(decision), dayOf(decision.now)) === 'past' ? pastPoints : undefined;
  const inForce = String(row.fields['validFrom']) <= dayOf(decision.now);
  return statement.set['deleted'] === true && inForce && !enteredToday(statement, decision) ? ruleInForce : undefined;
}

/** RT1 for commands that take away and bring back records of any kind. */
export const keepingPastPoints = <Input>(command: Command<Input>): Command<Input> => ({
  ...command,
  decide: (input, decision) => {
    const decided = command.decide(input, decision);
    if (!decided.ok) return decided;
    const problem = decided.value.map((statement) => problemOf(statement, decision)).find((each) => each !== undefined);
    return problem ? err(problem) : decided;
  },
});
