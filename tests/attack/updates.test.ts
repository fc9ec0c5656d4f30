/** Every update that may not be: each is refused whole, for a reason of the closed list, and nothing of it stays. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { deviceMaxClients } from '../../server/rooms/gate.ts';
import { stepOneMessage } from '../../server/rooms/messages.ts';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import type { RefusalReason } from '../../src/protocol/closeReasons.ts';
import { messageMaxBytes, updateMaxBytes } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author, withoutDeletes } from '../support/author.ts';
import { logOf, visitsOf } from '../support/community.ts';
import { eventually, Peer, StockClient, ticketProtocol } from '../support/wire.ts';
import { Stage } from './stage.ts';
import { collected, deletions, kinds, nestedAny, set, skip, subdocument, text, updateOf } from './structs.ts';

let stage: Stage;
let worker: TicketGrant;
let supervisor: TicketGrant;
beforeAll(async () => {
  stage = await Stage.open();
  [worker, supervisor] = [await stage.sitDown('li'), await stage.sitDown('he')];
});
afterAll(() => stage.close());

const room = visitsOf('g1');
const author = (): Author => new Author(worker.actor);
const oneString = [1, 119];
type Row = readonly [reason: RefusalReason, what: string, bytes: () => Uint8Array];

const refuseAll = async (rows: readonly Row[], target: RoomAddress = room): Promise<void> => {
  for (const [reason, what, bytes] of rows) {
    // Made before the watch begins: what it costs to make is the attacker's.
    const update = bytes();
    await stage.attack(what, () => stage.refuses(reason, target, worker, update));
  }
};

const nestedMaps = (depth: number): Uint8Array =>
  author().change((facts) => {
    let outer: Y.Map<unknown> = facts;
    for (let level = 0; level < depth; level += 1) {
      const inner = new Y.Map<unknown>();
      outer.set('deeper', inner);
      outer = inner;
    }
  });
const fill = (struct: readonly number[], bytes = updateMaxBytes): Uint8Array => updateOf(9, 0, struct, Math.floor((bytes - 20) / struct.length));

test('[SR14] what is no set of a string in "facts" is refused with its reason, however much of it there is', async () => {
  await refuseAll([
    ['malformed-update', 'four bytes', () => Uint8Array.of(1, 2, 3, 4)],
    ['malformed-update', '4 kB of noise', () => Uint8Array.from({ length: 4_000 }, (_, index) => (index * 7 + 200) % 256)],
    ['malformed-update', 'an update cut in half', () => author().write(author().visit()).slice(0, 60)],
    ['malformed-update', 'an update with something behind it', () => Uint8Array.from([...author().write(author().visit()), 0])],
    ['malformed-update', 'a client number beyond 2^53', () => Uint8Array.from([1, 1, ...Array<number>(8).fill(255), 0, 0])],
    ['malformed-update', 'the second Yjs encoding', () => {
      const writer = author();
      writer.write(writer.visit());
      return Y.encodeStateAsUpdateV2(writer.doc);
    }],
    ['malformed-update', 'a content that does not exist', () => updateOf(9, 0, set('x', 11, []))],
    ['deletes', '100,000 delete ranges', () => deletions(9, 100_000)],
    ['deletes', 'a megabyte of collected structs', () => fill(collected(1))],
    ['deletes', 'deleted content', () => updateOf(9, 0, set('x', 1, [3]))],
    ['gap', 'a skip', () => updateOf(9, 0, skip(9))],
    ['gap', 'a clock of 2^52', () => updateOf(9, 2 ** 52, set('x', kinds.any, [...oneString, ...text('{}')]))],
    ['nested-type', 'a map in the map', () => author().change((facts) => facts.set('x', new Y.Map()))],
    ['nested-type', 'maps 8,000 deep', () => nestedMaps(8_000)],
    ['nested-type', 'a megabyte of maps', () => fill(set('x', kinds.type, [1]))],
    ['nested-type', 'a list under the root', () => {
      const doc = new Y.Doc();
      doc.getArray('facts').push(['x']);
      return Y.encodeStateAsUpdate(doc);
    }],
    ['nested-type', 'a megabyte of subdocuments', () => fill(set('x', kinds.document, subdocument('g')))],
    ['unknown-root', 'another root', () => author().change((_facts, doc) => doc.getMap('ledger').set('x', '{}'))],
    ['malformed-fact', 'arrays 50,000 deep', () => updateOf(9, 0, set('x', kinds.any, nestedAny(50_000)))],
    ['malformed-fact', 'bytes', () => author().change((facts) => facts.set('x', new Uint8Array(900_000)))],
    ['malformed-fact', 'a number', () => author().change((facts) => facts.set('x', 42))],
    ['malformed-fact', '30,000 facts without text', () => fill(set('lidev-0', kinds.any, [...oneString, 0]))],
    ['too-large', 'an update beyond its limit', () => new Uint8Array(updateMaxBytes + 1)],
  ]);
}, 60_000);

test('[SR14] names that reach into prototypes are refused wherever they stand', async () => {
  const visit = author().visit();
  const rows: Row[] = [];
  for (const name of ['__proto__', 'constructor', 'prototype']) {
    rows.push(['malformed-fact', `"${name}" as a key`, () => author().change((facts) => facts.set(name, encodeFact(visit)))]);
    rows.push(['unknown-root', `"${name}" as a root`, () => author().change((_facts, doc) => doc.getMap(name).set('x', '{}'))]);
    rows.push(['malformed-fact', `"${name}" as a field`, () => author().change((facts) => facts.set(visit.id, encodeFact(visit).replace('"set":{', `"set":{"${name}":{"polluted":1},`)))]);
    rows.push(['malformed-fact', `"${name}" as a record`, () => author().change((facts) => facts.set(visit.id, encodeFact({ ...visit, record: name })))]);
    rows.push(['unknown-kind', `"${name}" as a kind`, () => author().write({ ...visit, kind: name })]);
    rows.push(['bad-fields', `"${name}" inside a field`, () => author().change((facts) => facts.set(visit.id, encodeFact({ ...visit, set: { ...visit.set, note: JSON.parse(`{"${name}":{"polluted":1}}`) } })))]);
  }
  await refuseAll(rows);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
}, 30_000);

test('[SR14] a fact whose author, community, kind, room or fields are not the session\'s to state is refused', async () => {
  const baker = await stage.sitDown('zhao');
  const other = await stage.sitDown('wu');
  const visit = author().visit();
  const told = (fact: Partial<Fact>, grant = worker): Uint8Array => new Author(grant.actor).write({ ...visit, ...fact });
  const activity = new Author(baker.actor);
  const rows: readonly (readonly [reason: RefusalReason, what: string, room: RoomAddress, grant: TicketGrant, bytes: Uint8Array])[] = [
    ['wrong-author', 'somebody else as its author', room, worker, told({ by: supervisor.actor.person })],
    ['wrong-author', 'another device in its id', room, worker, told({ id: `${other.actor.device}-0` })],
    ['wrong-author', 'the authority in its id', room, worker, told({ id: 'auth-0' })],
    ['wrong-room', 'a fact of another grid', room, worker, told({ set: { ...visit.set, grid: 'g2' } })],
    ['wrong-room', 'a fact of another month', visitsOf('g1', Date.parse('2026-01-05T00:00:00Z')), worker, told({})],
    ['wrong-room', 'a kind of another room', room, worker, told({ kind: 'activity' })],
    ['unknown-kind', 'a kind that does not exist', room, worker, told({ kind: 'invoice' })],
    ['wrong-id', 'an id another device made', room, worker, told({ record: 'vis_0mp2c5s00wudev9' })],
    ['unknown-base', 'a change of what is not there', room, worker, told({ base: ['wudev-9'], set: { note: '改' } })],
    ['bad-fields', 'a field the kind does not have', room, worker, told({ set: { ...visit.set, idCard: '510124' } })],
    ['bad-fields', 'half a character', room, worker, told({ set: { ...visit.set, note: '𠮷'.slice(1) } })],
    ['bad-fields', 'text that is too long', room, worker, told({ set: { ...visit.set, note: '长'.repeat(2_001) } })],
    ['too-large', 'a fact that is too large', room, worker, told({ set: { ...visit.set, note: 'x'.repeat(20_000) } })],
    ['malformed-fact', 'a year beyond 2100', room, worker, told({ at: 5_000_000_000_000 })],
    ['not-allowed', 'another group\'s activity', logOf(), baker, activity.write(activity.activity())],
    ['read-only', 'an entry in the ledger', { ...logOf(), family: 'ledger' }, supervisor, new Author(supervisor.actor).write(visit)],
  ];
  for (const [reason, what, target, grant, bytes] of rows) await stage.attack(what, () => stage.refuses(reason, target, grant, bytes));
}, 30_000);

/** A visit that stands in the room, and the author whose Yjs client it belongs to. */
async function standing(): Promise<{ readonly fact: Fact; readonly victim: Author }> {
  const victim = author();
  const fact = victim.visit();
  const peer = await stage.settled(room, worker);
  peer.update(victim.write(fact));
  await peer.acked(victim.doc.clientID, 1);
  return { fact, victim };
}

test('[SR14] overwrites, deletions and another device\'s Yjs client are refused, and what was there stays', async () => {
  const { fact, victim } = await standing();
  const changed = encodeFact({ ...fact, set: { ...fact.set, note: '改' } });
  const seen = new Author(worker.actor);
  Y.applyUpdate(seen.doc, Y.encodeStateAsUpdate(victim.doc));
  const overwrite = seen.change((facts) => facts.set(fact.id, changed));
  const clone = author();
  clone.doc.clientID = victim.doc.clientID;
  const cloned = clone.write(clone.visit('hou_102'));
  const thief = new Author(supervisor.actor);
  thief.doc.clientID = victim.doc.clientID;
  thief.write(fact);
  const next = thief.write(thief.fact('vis_z', 'visit', {}));
  const rows: readonly (readonly [reason: RefusalReason, what: string, grant: TicketGrant, bytes: Uint8Array])[] = [
    ['deletes', 'a deletion of what stands', worker, seen.change((facts) => facts.delete(fact.id))],
    ['overwrite', 'an overwrite', worker, overwrite],
    ['overwrite', 'an overwrite without its deletion', worker, withoutDeletes(overwrite)],
    ['overwrite', 'a blind overwrite', worker, author().change((facts) => facts.set(fact.id, changed))],
    ['overwrite', 'a supervisor\'s overwrite', supervisor, new Author(supervisor.actor).change((facts) => facts.set(fact.id, changed))],
    ['overwrite', 'a cloned tablet that says something else', worker, cloned],
    ['foreign-client', 'another device\'s Yjs client', supervisor, next],
    // A stock server takes these, and what the victim wrote offline is then gone for good.
    ['deletes', 'another device\'s clocks squatted by collected structs', supervisor, updateOf(victim.doc.clientID, 1, collected(1_000))],
    ['gap', 'another device\'s clocks squatted by a skip', supervisor, updateOf(victim.doc.clientID, 1, skip(1_000))],
  ];
  for (const [reason, what, grant, bytes] of rows) await stage.attack(what, () => stage.refuses(reason, room, grant, bytes));
  const peer = await stage.settled(room, worker);
  expect(peer.doc.getMap('facts').get(fact.id)).toBe(encodeFact(fact));
  peer.update(victim.write(victim.visit('hou_102')));
  await peer.acked(victim.doc.clientID, 2);
}, 30_000);

test('[SR15, SR14] 2,000 updates without their predecessors leave nothing behind, before the first step or after it', async () => {
  await stage.attack('2,000 updates with a gap', async () => {
    const peer = stage.held(await Peer.into(stage.server, room, worker));
    await peer.sync();
    const writer = author();
    writer.write(writer.visit());
    const orphans = Array.from({ length: 2_000 }, () => writer.write(writer.visit()));
    for (const orphan of orphans) peer.update(orphan);
    const reader = stage.held(await Peer.into(stage.server, room, supervisor));
    await reader.sync();
    expect([...reader.doc.getMap('facts').keys()].filter((id) => id.startsWith(`${worker.actor.device}-7`))).toEqual([]);
    expect([peer.closed, peer.clocks.has(writer.doc.clientID)]).toEqual([undefined, false]);
    await stage.refuses('gap', room, worker, orphans[1_999] ?? new Uint8Array());
  });
});

test('[GT11] one device cannot use up the Yjs clients of a room', async () => {
  const crowded = visitsOf('g1', Date.parse('2026-08-05T00:00:00Z'));
  const stamp = Date.parse('2026-08-05T00:00:00Z').toString(36).padStart(9, '0');
  await stage.attack('2,001 Yjs clients of one device', async () => {
    const many = author();
    const one = (): Uint8Array => {
      many.restart();
      const visit = many.visit();
      return many.write({ ...visit, record: `vis_${stamp}${worker.actor.device}${visit.id.split('-')[1] ?? ''}` });
    };
    const peer = await stage.settled(crowded, worker);
    peer.stepTwo(Y.mergeUpdates(Array.from({ length: deviceMaxClients }, one)));
    await peer.acked(many.doc.clientID, 1);
    await stage.refuses('too-large', crowded, worker, one());
    const other = await stage.sitDown('li');
    const honest = new Author(other.actor);
    const visit = honest.visit();
    const witness = await stage.settled(crowded, other);
    witness.update(honest.write({ ...visit, record: `vis_${stamp}${other.actor.device}1` }));
    await witness.acked(honest.doc.clientID, 1);
  });
});

test('[GT13] a message full of changes of few records keeps nobody waiting', async () => {
  const grant = await stage.sitDown('li');
  await stage.attack('2,560 changes of ten records', async () => {
    const writer = new Author(grant.actor);
    const facts = Array.from({ length: 10 }, () => {
      const birth = writer.visit();
      const all: Fact[] = [birth];
      while (all.length < 256) all.push(writer.fact(birth.record, 'visit', { note: `第${all.length}次` }, all.slice(-64).map(({ id }) => id)));
      return all;
    }).flat();
    writer.write(...facts);
    const peer = await stage.settled(room, grant);
    const update = Y.encodeStateAsUpdate(writer.doc);
    expect(update.byteLength).toBeLessThan(messageMaxBytes);
    peer.stepTwo(update);
    await peer.acked(writer.doc.clientID, facts.length);
  });
}, 30_000);

test('[GT13] a first sync full of facts that stand on what nobody brings keeps nobody waiting, and none of it stays', async () => {
  const grant = await stage.sitDown('li');
  await stage.attack('1,500 runs on a fact that is missing', async () => {
    const other = new Author({ ...grant.actor, device: 'absent1' });
    const missing = other.visit();
    const writer = new Author(grant.actor);
    const updates = [other.write(missing)];
    for (let count = 0; count < 1_500; count += 1) {
      writer.restart();
      updates.push(writer.write(writer.fact(missing.record, 'visit', { note: '字'.repeat(500) }, [missing.id])));
    }
    const peer = stage.held(await Peer.into(stage.server, room, grant));
    await peer.sync();
    peer.stepTwo(Y.mergeUpdates(updates));
    // Its next question is answered after that; a refusal would be an answer too.
    peer.socket.send(stepOneMessage(Y.encodeStateVector(new Y.Doc())));
    await eventually(() => expect(peer.heard.filter((what) => what === 'stepOne').length > 1 || peer.closed !== undefined).toBe(true));
    const reader = await stage.settled(room, supervisor);
    expect([...reader.doc.getMap('facts').keys()].filter((id) => id.startsWith(`${grant.actor.device}-`))).toEqual([]);
  });
}, 30_000);

test('[SR14] a stock client that is refused hears why in its own language and stops trying', async () => {
  const warnings: string[] = [];
  const warn = console.warn;
  console.warn = (line: string) => void warnings.push(line);
  try {
    await stage.attack('a stock client that writes nonsense', async () => {
      const client = stage.held(new StockClient(stage.server, room, [ticketProtocol(worker)]));
      await client.synced();
      client.doc.getMap('facts').set('nonsense', 'nonsense');
      await eventually(() => expect(client.closed).toEqual({ code: 4409, reason: 'malformed-fact' }));
    });
    expect(warnings.join()).toContain('malformed-fact');
  } finally {
    console.warn = warn;
  }
});

test('[SR14] all that was refused is kept for somebody to look at, and none of it is in the room', async () => {
  const answer = await fetch(`${stage.server.url}/api/rooms/${formatRoomName(room)}`, { headers: { authorization: `Bearer ${worker.ticket}` } });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
  expect([...doc.share.keys()]).toEqual(['facts']);
  for (const json of doc.getMap('facts').values()) expect(JSON.parse(String(json))).toMatchObject({ kind: 'visit' });
  expect(stage.server.output().match(/an update was refused/g)?.length).toBeGreaterThan(50);
});
