/** PN2 The points table is dated: a row is never edited, a newer row takes over from its day. */
import type { Decision } from '../kernel/command.ts';
import { birthOnce, type Decided } from '../kernel/decide.ts';
import { given } from '../kernel/edit.ts';
import { err } from '../kernel/result.ts';
import { kinds } from '../kinds.ts';
import type { AddPointsRule } from './inputs.ts';
import { pointsRuleId } from './schema.ts';

/** One row for a class and day: to replace it, remove it first, so that the history shows who did. */
export function decideAddPointsRule(input: AddPointsRule, decision: Decision): Decided {
  const twin = decision
    .every({ community: decision.actor.community, family: 'roster' }, 'pointsRule')
    .find(({ fields }) => fields['serviceClass'] === input.serviceClass && fields['validFrom'] === input.validFrom);
  if (twin) return err({ type: 'AlreadyExists', record: twin.record });
  return birthOnce(decision, kinds.pointsRule, pointsRuleId(given(input)), input);
}
