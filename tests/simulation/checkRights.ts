/**
 * SI4, by a table of its own: nobody is sent a room, and nobody's statement reaches the disk, that the ticket of a socket did
 * not allow. Rights are those of the ticket, as long as its socket lives (AU1, docs/FAILURES.md).
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { decodeFact, deviceTagOf } from '../../src/domain/kernel/fact.ts';
import { ticketProtocolPrefix } from '../../src/protocol/api.ts';
import { messageSync } from '../../src/protocol/messages.ts';
import type { StoredFact } from './serverDisk.ts';
import type { Pair } from './socket.ts';
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

const familyOf = (room: string): string => room.split('/')[2] ?? '';
const shardOf = (room: string): string => room.split('/')[3] ?? '';

export function mayRead({ role, grids, partners }: Actor, room: string): boolean {
  if (role === 'supervisor') return true;
  const family = familyOf(room);
  if (family === 'people' || family === 'visits') return role === 'gridWorker' && grids.includes(shardOf(room));
  if (family === 'claims') return role === 'redemptionPoint';
  if (family === 'members') return role === 'groupLeader' && partners.includes(`par_${shardOf(room)}`);
  return true;
}

const ownPage = ['services', 'place', 'note', 'resources'];

/** A counter speaks of its own grants, the office of all. */
function mayClaim({ role, device }: Actor, { kind, set }: Fact): boolean {
  const counters = kind === 'claim' || kind === 'redemptionRequest';
  return counters ? role === 'redemptionPoint' && String(set['grant']).split('.')[1] === device : role === 'supervisor';
}

function mayState(actor: Actor, room: string, fact: Fact): boolean {
  const { kind, record, set, base } = fact;
  const family = familyOf(room);
  if (family === 'ledger') return false;
  if (family === 'claims') return mayClaim(actor, fact);
  if (actor.role === 'supervisor') return kind !== 'visit' || base.length > 0;
  if (actor.role === 'redemptionPoint') return false;
  if (family === 'roster') return kind === 'partner' && actor.partners.includes(record) && base.length > 0 && Object.keys(set).every((name) => ownPage.includes(name));
  if (family === 'log') return actor.role === 'gridWorker' || actor.partners.some((partner) => record.slice(4).startsWith(`${partner.slice(4)}.`));
  return mayRead(actor, room);
}

/** Whom the ticket speaks of, read without asking the server. */
export function ticketActor(pair: Pair): Actor | undefined {
  const ticket = pair.offered.find((name) => name.startsWith(ticketProtocolPrefix))?.slice(ticketProtocolPrefix.length);
  return ticket === undefined ? undefined : (JSON.parse(Buffer.from(ticket.split('.')[0] ?? '', 'base64url').toString()) as { actor: Actor }).actor;
}

/** The server's own statements: the seeded community, and its ledgers. */
const isServers = (tag: string): boolean => tag === 'seed' || tag === 'auth';

export class RightsChecker {
  readonly complaints: string[] = [];
  /** Who a device was in a room, over every socket that ever got there. */
  readonly #actors = new Map<string, Actor[]>();

  constructor(world: World) {
    world.wire.onOpen = (pair) => {
      const actor = ticketActor(pair);
      if (!actor) return;
      const key = `${actor.device} ${pair.room}`;
      this.#actors.set(key, [...(this.#actors.get(key) ?? []), actor]);
    };
    world.wire.onFrame = (pair, bytes) => {
      const actor = ticketActor(pair);
      if (bytes[0] === messageSync && (!actor || !mayRead(actor, pair.room))) this.complaints.push(`${actor?.person} is sent ${pair.room}`);
    };
    world.serverDisk.onFact = (room, id, stored) => this.#stored(room, id, stored);
  }

  #stored(room: string, id: string, { json, device, person }: StoredFact): void {
    const fact = decodeFact(id, json);
    const tag = deviceTagOf(id);
    if (device === 'auth' && isServers(tag)) return;
    if (tag !== device || fact.by !== person) this.complaints.push(`${device} stated ${id} by ${fact.by} in ${room}`);
    const actors = this.#actors.get(`${device} ${room}`) ?? [];
    if (!actors.some((actor) => actor.person === person && mayState(actor, room, fact))) this.complaints.push(`${device} may not state ${id}, a ${fact.kind}, in ${room}`);
  }
}

/** Rooms on a tablet, or rows of them, that whoever sits there may not see: once the tablet has heard of it, nothing is left. */
export function keptRooms(tablet: Tablet): string[] {
  const actor = tablet.status()?.actor;
  if (!actor) return [];
  const tables = ['updates', 'snapshots', 'outbox', 'people', 'visits', 'members', 'clashes', 'rollups'];
  const kept = new Set(tables.flatMap((table) => tablet.disk.rows<{ room?: string; id?: string }>(table).map(({ room, id }) => room ?? id ?? '')));
  return [...kept].filter((room) => !mayRead(actor, room)).map((room) => `${tablet.name} keeps ${room}, which ${actor.person} may not see`);
}
