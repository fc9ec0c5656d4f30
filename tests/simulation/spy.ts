/**
 * Somebody with a seat of their own who opens rooms by hand, asks for everything in them and states what is not theirs to
 * state. None of it may be answered, and none of it may reach the disk (SI4).
 */
import * as v from 'valibot';
import { randomOf } from '../../server/demo/random.ts';
import { stepOneMessage, updateMessage } from '../../server/rooms/messages.ts';
import { encodeRuns } from '../../src/protocol/updateCodec.ts';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { ticketGrantSchema, ticketProtocolPrefix } from '../../src/protocol/api.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { Machine } from './machine.ts';
import { communityName } from './people.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

/** A leader may write into the roster, and may not say there what this one says. */
const seats = ['li', 'chen', 'chen'] as const;
const roster = 'roster';

export function spies(world: World, nth: number): void {
  const device = `spy${nth.toString(36).padStart(3, '0')}`;
  const random = randomOf(world.seed, device);
  const month = monthOf(world.clock.now);
  const room = `v1/${communityName}/${random.pick([`people/g2`, `visits/g2/${month}`, 'members/choir', `ledger/${month}`, roster, roster, roster])}`;
  const machine = new Machine(device, world.clock, world.seed);
  machine.wire = world.wire;
  machine.run(() => void look(machine, world.wire, random.pick(seats), room).then((looked) => (world.tally.spies += Number(looked))));
}

/** @returns false when the server could not be reached */
async function look(machine: Machine, wire: Wire, seat: string, room: string): Promise<boolean> {
  const device = machine.name;
  const answer = await fetch('http://server/api/tickets', { method: 'POST', body: JSON.stringify({ seat, device, secret: '0'.repeat(32) }) }).catch(() => undefined);
  if (!answer?.ok) return false;
  const { ticket, actor } = v.parse(ticketGrantSchema, await answer.json());
  const socket = wire.connect(machine, `ws://server/sync/${room}`, [subprotocol, ticketProtocolPrefix + ticket]);
  socket.onopen = () => {
    socket.send(stepOneMessage(Uint8Array.of(0)));
    const fact: Fact = {
      id: `${device}-1`, record: 'par_choir', kind: 'partner', base: ['seed-d'], set: { stage: 'exited' }, by: actor.person, at: machine.now,
    };
    socket.send(updateMessage(encodeRuns([{ client: machine.random.between(1, 4_000_000_000), clock: 0, cells: [{ id: fact.id, json: encodeFact(fact) }] }])));
  };
  machine.after(3_000, () => {
    socket.close();
    machine.after(10_000, () => machine.stop());
  });
  return true;
}
