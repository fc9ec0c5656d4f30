/** CM1: a decision is checked before it leaves, with the code the server's gate runs, so a tap cannot promise what sync refuses. */
import { accessTo } from './access.ts';
import { checkFact, type FactProblem } from './check.ts';
import type { Command, CommandError, Decision, Statement } from './kernel/command.ts';
import { encodeFact, isTooLarge, type Fact, type Fields } from './kernel/fact.ts';
import { err } from './kernel/result.ts';
import { sameRoom, type RoomAddress } from './kernel/room.ts';

function errorOf(problem: FactProblem): CommandError {
  return problem.fault === 'bad-fields' ? { type: 'Invalid', field: problem.field ?? '' } : { type: 'NotAllowed' };
}

/** The field that fills most of a fact: shortening it helps most. */
const longest = (set: Fields): string =>
  Object.entries(set).map(([name, value]) => ({ name, length: JSON.stringify(value).length })).sort((a, b) => b.length - a.length)[0]?.name ?? '';

/** @param loaded rooms the decision may look into; in any other a statement can only be a birth */
function refusalOf(statement: Statement, decision: Decision, loaded: readonly RoomAddress[]): CommandError | undefined {
  const { actor, now } = decision;
  const { room, record, kind, set } = statement;
  if (accessTo(actor, room) !== 'write') return { type: 'NotAllowed' };
  const before = loaded.some((each) => sameRoom(each, room)) ? decision.find(room, record) : undefined;
  const fact: Fact = { id: `${actor.device}-0`, record, kind, base: before?.heads ?? [], set, by: actor.person, at: now };
  const problem = checkFact(actor, room, fact, before, () => true);
  if (problem) return errorOf(problem);
  return isTooLarge(encodeFact(fact)) ? { type: 'Invalid', field: longest(set), why: 'too-long' } : undefined;
}

export const onlyIfAllowed = <Input>(command: Command<Input>): Command<Input> => ({
  ...command,
  decide: (input, decision) => {
    const decided = command.decide(input, decision);
    if (!decided.ok) return decided;
    if (decided.value.length === 0) return err({ type: 'NothingChanged' });
    const loaded = command.rooms(input, decision.actor, decision.now);
    for (const statement of decided.value) {
      const refusal = refusalOf(statement, decision, loaded);
      if (refusal) return err(refusal);
    }
    return decided;
  },
});
