/** SI2: at rest every tablet shows the same as the server holds, by content: the facts of its journal, and the rows of its screens. */
import { workingRooms } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { decodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import { foldRecord, type Folded } from '../../src/domain/kernel/fold.ts';
import { kindNamed } from '../../src/domain/kinds.ts';
import { formatRoomName, parseRoomName } from '../../src/protocol/roomName.ts';
import type { Row } from '../../src/replica/contract.ts';
import type { SnapshotRow, UpdateRow } from '../../src/replica/journal/database.ts';
import { foldRollup } from '../../src/replica/projection/rollup.ts';
import { toRow } from '../../src/replica/projection/row.ts';
import { roomFromStored } from '../../src/replica/rooms/rooms.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { grids } from './people.ts';
import type { Tablet } from './tablet.ts';
import type { World } from './world.ts';

/** The records of a room on the server's disk. The order in which facts are handed to the fold must not matter. */
export function foldedOnServer(world: World, room: string): Folded[] {
  const byRecord = new Map<string, Fact[]>();
  for (const [id, { json }] of world.serverDisk.facts.get(room) ?? []) {
    const fact = decodeFact(id, json);
    byRecord.set(fact.record, [fact, ...(byRecord.get(fact.record) ?? [])]);
  }
  return [...byRecord.values()].flatMap((facts) => foldRecord(facts) ?? []);
}

const inOrder = (value: unknown): unknown =>
  value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, inOrder(each)])) : value;
const text = (value: unknown): string => JSON.stringify(inOrder(value));

function differences(what: string, here: ReadonlyMap<string, string>, there: ReadonlyMap<string, string>): string[] {
  const ids = [...new Set([...here.keys(), ...there.keys()])].filter((id) => here.get(id) !== there.get(id));
  return ids.slice(0, 3).map((id) => `${what}, ${id}: here ${here.get(id) ?? 'nothing'}, on the server ${there.get(id) ?? 'nothing'}`);
}

/** The rows of a room's records as they should stand on every screen. */
function expectedRows(records: readonly Folded[], room: string): Map<string, string> {
  return new Map(records.flatMap((folded) => {
    const kind = kindNamed(folded.kind);
    return kind && !folded.deleted ? [[folded.record, text(toRow(kind, room, folded))] as const] : [];
  }));
}

export function roomsOf(world: World, tablet: Tablet): string[] {
  const actor = tablet.status()?.actor as Actor | undefined;
  if (!actor) return [];
  return workingRooms(actor, grids, world.clock.now + tablet.skewMs).map(formatRoomName);
}

export function unequalRows(world: World, tablet: Tablet): string[] {
  return roomsOf(world, tablet).flatMap((room) => {
    const records = foldedOnServer(world, room);
    const family = parseRoomName(room)?.family ?? '';
    const rows = new Map(tablet.disk.rows<Row>(family).filter((row) => row.room === room).map((row) => [row.id, text(row)]));
    const clashes = tablet.disk.rows<Row>('clashes').filter((row) => row.room === room);
    const rollup = tablet.disk.table('rollups').get(room) as { tallies?: object } | undefined;
    return [
      ...differences(`rows of ${room} on ${tablet.name}`, rows, expectedRows(records, room)),
      ...differences(`clashes of ${room} on ${tablet.name}`, new Map(clashes.map(({ id, clashes: own }) => [id, text(own)])), new Map(records.filter((folded) => folded.clashes.length > 0).map((folded) => [folded.record, text(folded.clashes)]))),
      ...differences(`totals of ${room} on ${tablet.name}`, new Map([['tallies', text(rollup?.tallies ?? {})]]), new Map([['tallies', text(Object.fromEntries(foldRollup(records).tallies))]])),
    ];
  });
}

/** What a restart would read from the journal. */
export function unequalJournals(world: World, tablet: Tablet): string[] {
  return roomsOf(world, tablet).flatMap((room) => {
    const address = parseRoomName(room);
    if (!address) return [];
    const updates = tablet.disk.rows<UpdateRow>('updates').filter((row) => row.room === room).sort((a, b) => a.seq - b.seq);
    const loaded = roomFromStored(address, { row: undefined, snapshot: tablet.disk.table('snapshots').get(room) as SnapshotRow | undefined, updates });
    const here = new Map(Object.entries(loaded.room.doc.getMap(factsRoot).toJSON() as Record<string, string>));
    loaded.room.destroy();
    return differences(`journal of ${room} on ${tablet.name}`, here, new Map([...(world.serverDisk.facts.get(room) ?? [])].map(([id, { json }]) => [id, json])));
  });
}
