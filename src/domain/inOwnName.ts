/**
 * ND4. What a group's leader states of a record that is the group's only for now says in whose name, each time: the server
 * then asks the statement itself whether it may stand, and not a record that may have changed hands meanwhile.
 */
import type { Command, Decision, Statement } from './kernel/command.ts';
import { sameRoom, type RoomAddress } from './kernel/room.ts';
import { kindNamed } from './kinds.ts';

function named(statement: Statement, decision: Decision, loaded: readonly RoomAddress[]): Statement {
  const field = kindNamed(statement.kind)?.inNameOf;
  if (field === undefined || field in statement.set || !loaded.some((each) => sameRoom(each, statement.room))) return statement;
  const name = decision.find(statement.room, statement.record)?.fields[field];
  return name === undefined ? statement : { ...statement, set: { ...statement.set, [field]: name } };
}

export const inOwnName = <Input>(command: Command<Input>): Command<Input> => ({
  ...command,
  decide: (input, decision) => {
    const decided = command.decide(input, decision);
    if (!decided.ok || decision.actor.role !== 'groupLeader') return decided;
    const loaded = command.rooms(input, decision.actor, decision.now);
    return { ...decided, value: decided.value.map((statement) => named(statement, decision, loaded)) };
  },
});
