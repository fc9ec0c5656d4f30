/** The gate, attack by attack. What it lets through is written by stock Yjs documents. Long because it is one list: a case for each way to lie. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { deviceMaxClients, judge, recordMaxFacts, roomMaxClients, type Submitter } from '../../../server/rooms/gate.ts';
import { FactSet } from '../../../server/rooms/factSet.ts';
import { readUpdate } from '../../../server/rooms/updateReader.ts';
import { retiredTag } from '../../../server/storage/contract.ts';
import { encodeRuns } from '../../../src/protocol/updateCodec.ts';
import type { Access } from '../../../src/domain/access.ts';
import { kinds } from '../../../src/domain/kinds.ts';
import type { Kind } from '../../../src/domain/kernel/kind.ts';
import { mayState } from '../../../src/domain/permission.ts';
import { foldRecord, type Folded } from '../../../src/domain/kernel/fold.ts';
import type { Actor } from '../../../src/domain/kernel/actor.ts';
import { encodeFact, factMaxBytes, type Fact } from '../../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../../src/domain/kernel/room.ts';
import type { Refusal } from '../../../src/protocol/closeReasons.ts';
import { updateMaxBytes } from '../../../src/protocol/messages.ts';
import { Author, forged, withoutDeletes } from '../../support/author.ts';
import { authority, leader, logOf, otherWorker, supervisor, visitsOf, worker } from '../../support/community.ts';

/** A room as the server holds it: what is admitted stays. */
class GuardedRoom {
  readonly facts = new FactSet();
  readonly owners = new Map<number, string>();
  readonly address: RoomAddress;
  constructor(address: RoomAddress) {
    this.address = address;
  }

  clientsOf(device: string): number {
    return [...this.owners.values()].filter((owner) => owner === device).length;
  }

  submit(bytes: Uint8Array, actor: Actor, access: Access = 'write', maxBytes = updateMaxBytes): Refusal | { readonly facts: readonly Fact[]; readonly clients: readonly number[] } {
    const submitter: Submitter = { actor, access };
    const judged = judge(this, bytes, maxBytes, submitter);
    if (!judged.ok) return judged.error;
    this.facts.stage(judged.value.runs);
    this.facts.promote(judged.value.runs);
    for (const { client } of judged.value.runs) this.owners.set(client, actor.device);
    return judged.value;
  }
}

const visits = (): GuardedRoom => new GuardedRoom(visitsOf('g1'));
const reasonOf = (answer: object): unknown => ('reason' in answer ? answer.reason : 'admitted');
/** One honest visit is in the room. */
function occupied() {
  const room = visits();
  const author = new Author(worker);
  const first = author.visit();
  const update = author.write(first);
  expect(reasonOf(room.submit(update, worker))).toBe('admitted');
  return { room, author, first, update };
}

test('[GT1] what Yjs can not read is malformed, what is too long is not read at all', () => {
  const room = visits();
  for (const bytes of [[], [1], [255, 255, 255, 255, 15], [1, 1, 1, 0, 40, 1, 5], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]])
    expect(reasonOf(room.submit(Uint8Array.from(bytes), worker))).toBe('malformed-update');
  const author = new Author(worker);
  const update = author.write(author.visit());
  expect(reasonOf(room.submit(update, worker, 'write', update.byteLength - 1))).toBe('too-large');
  expect(reasonOf(room.submit(update, worker, 'write', update.byteLength))).toBe('admitted');
});

test('[GT1] random bytes and broken updates are refused or say nothing new; the gate never throws', () => {
  const { update } = occupied();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), (noise, at, byte) => {
      const broken = Uint8Array.from(update);
      broken[at % broken.length] = byte;
      for (const bytes of [noise, broken, update.slice(0, at % update.length)]) visits().submit(bytes, worker);
    }),
    { numRuns: 500 },
  );
});

test('[GT1] the second Yjs encoding is not understood as something else', () => {
  const author = new Author(worker);
  author.write(author.visit());
  expect(reasonOf(visits().submit(Y.encodeStateAsUpdateV2(author.doc), worker))).toBe('malformed-update');
});

test('[GT2] a gap is refused', () => {
  const room = visits();
  const author = new Author(worker);
  author.write(author.visit());
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('gap');
  // A skip says in so many words that something is missing.
  expect(reasonOf(room.submit(forged(5, 0, 10, 9), worker))).toBe('gap');
  expect(room.facts.size).toBe(0);
});

test('[GT2] what is said again is passed over, also in one update with something new', () => {
  const { room, author, update } = occupied();
  expect(room.submit(update, worker)).toMatchObject({ facts: [], clients: [author.doc.clientID] });
  author.write(author.visit());
  expect(room.submit(Y.encodeStateAsUpdate(author.doc), worker)).toMatchObject({ facts: [{ kind: 'visit' }] });
  expect(room.facts.size).toBe(2);
});

test('[GT2] a known clock that says something else is refused: a cloned tablet must not believe it was heard', () => {
  const { room, author } = occupied();
  const clone = new Author(worker);
  clone.doc.clientID = author.doc.clientID;
  expect(reasonOf(room.submit(clone.write(clone.visit('hou_102')), worker))).toBe('overwrite');
});

test('[GT3] a Yjs client belongs to the device that used it first', () => {
  const { room, author } = occupied();
  const thief = new Author({ ...supervisor, device: 'hedev' });
  thief.doc.clientID = author.doc.clientID;
  thief.write(author.visit());
  const next = thief.write({ ...thief.fact('vis_x', 'visit', {}), by: supervisor.person });
  expect(reasonOf(room.submit(next, supervisor))).toBe('foreign-client');
});

test('[GT3] nobody can burn the clocks of a tablet that is still offline', () => {
  const { room, author } = occupied();
  // A collected struct of length 1000 at the victim's next clock: the attack erases the victim's offline work in stock servers.
  const squat = encodeSquat(author.doc.clientID, 1, 1_000);
  expect(reasonOf(room.submit(squat, otherWorker))).toBe('deletes');
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('admitted');
});

/** client and clock as varints, info 0 is GC. */
function encodeSquat(client: number, clock: number, length: number): Uint8Array {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
  return Uint8Array.from([1, 1, ...varint(client), ...varint(clock), 0, ...varint(length), 0]);
}

test('[GT4] a deletion is refused: by delete set, as collected struct, as deleted content', () => {
  const { room, author, first } = occupied();
  expect(reasonOf(room.submit(author.change((facts) => facts.delete(first.id)), worker))).toBe('deletes');
  expect(reasonOf(room.submit(forged(7, 0, 0, 5), worker))).toBe('deletes');
  // Info 0x21: deleted content under a key of the root "facts".
  expect(reasonOf(room.submit(forged(7, 0, 0x21, 1, 1, 102, 1, 107, 3), worker))).toBe('deletes');
  expect(room.facts.size).toBe(1);
});

test('[GT5] an overwrite is refused: seen, with its delete set taken off, and blind', () => {
  const { room, author, first } = occupied();
  const again = author.change((facts) => facts.set(first.id, encodeFact({ ...first, set: { ...first.set, note: '改' } })));
  expect(reasonOf(room.submit(again, worker))).toBe('overwrite');
  expect(reasonOf(room.submit(withoutDeletes(again), worker))).toBe('overwrite');
  const blind = new Author(worker);
  expect(reasonOf(room.submit(blind.write({ ...first, set: { ...first.set, note: '改' } }), worker))).toBe('overwrite');
  // The same text is an overwrite too: one key, two structs, and which one stands would depend on the client's number.
  expect(reasonOf(room.submit(new Author(worker).write(first), worker))).toBe('overwrite');
});

test('[GT5] one key twice in one update is refused', () => {
  const [one, two] = [new Author(worker), new Author(worker)];
  const merged = Y.mergeUpdates([one.write(one.visit()), two.write(two.visit('hou_102'))]);
  expect(reasonOf(visits().submit(merged, worker))).toBe('overwrite');
});

test('[GT6] anything but strings under the root "facts" is refused', () => {
  const attempts: readonly (readonly [reason: string, work: (facts: Y.Map<unknown>, doc: Y.Doc) => void])[] = [
    ['unknown-root', (_facts, doc) => doc.getMap('other').set('lidev-0', '{}')],
    ['unknown-root', (_facts, doc) => doc.getMap('__proto__').set('lidev-0', '{}')],
    ['nested-type', (facts) => facts.set('lidev-0', new Y.Map())],
    ['nested-type', (facts) => facts.set('lidev-0', new Y.Text('text'))],
    ['nested-type', (facts) => facts.set('lidev-0', new Y.Doc())],
    ['nested-type', (_facts, doc) => doc.getArray('facts').push(['x'])],
    ['malformed-fact', (facts) => facts.set('lidev-0', Uint8Array.of(1, 2, 3))],
    ['malformed-fact', (facts) => facts.set('lidev-0', 42)],
    ['malformed-fact', (facts) => facts.set('lidev-0', { record: 'vis_1' })],
    ['malformed-fact', (facts) => facts.set('lidev-0', null)],
  ];
  for (const [reason, work] of attempts) {
    const fresh = new Author(worker);
    fresh.doc = new Y.Doc();
    const facts = reason === 'nested-type' && work.toString().includes('getArray') ? undefined : fresh.doc.getMap('facts');
    const before = Y.encodeStateVector(fresh.doc);
    fresh.doc.transact(() => work(facts ?? new Y.Map(), fresh.doc));
    expect(reasonOf(visits().submit(Y.encodeStateAsUpdate(fresh.doc, before), worker)), work.toString()).toBe(reason);
  }
});

test('[GT6] a struct inside another one is refused, wherever its parent is', () => {
  const author = new Author(worker);
  const nested = new Y.Map<unknown>();
  author.change((facts) => facts.set('x', nested));
  const inner = author.change(() => nested.set('lidev-0', '{}'));
  const decoded = Y.decodeUpdate(inner).structs[0];
  expect(decoded?.id.clock).toBe(1);
  expect(reasonOf(visits().submit(Y.encodeStateAsUpdate(author.doc), worker))).toBe('nested-type');
});

test('[GT7] a fact may fill its limit and not exceed it, counted in UTF-8', () => {
  const author = new Author(worker);
  const padded = (length: number): Fact => ({ ...author.visit(), set: { ...author.visit().set, note: '字'.repeat(length) } });
  const overhead = Buffer.byteLength(encodeFact(padded(0)));
  const most = Math.floor((factMaxBytes - overhead) / 3);
  expect(reasonOf(visits().submit(new Author(worker).write(padded(most + 4)), worker))).toBe('too-large');
  // Within the gate's limit it is the kind's own that speaks.
  expect(visits().submit(new Author(worker).write(padded(most - 4)), worker)).toMatchObject({ reason: 'bad-fields', field: 'note' });
});

test('[GT7] a record takes a bounded number of facts, because each fold costs the square of them', () => {
  const room = visits();
  const author = new Author(worker);
  const birth = author.visit();
  room.submit(author.write(birth), worker);
  let head = birth;
  for (let count = 1; count < recordMaxFacts; count += 1) {
    head = author.fact(birth.record, 'visit', { note: `第${count}次` }, [head.id]);
    expect(reasonOf(room.submit(author.write(head), worker))).toBe('admitted');
  }
  expect(reasonOf(room.submit(author.write(author.fact(birth.record, 'visit', { note: '多' }, [head.id])), worker))).toBe('too-large');
});

test('[GT8] whoever may only read states nothing new, and may say again what is there', () => {
  const { room, author, update } = occupied();
  expect(reasonOf(room.submit(update, worker, 'read'))).toBe('admitted');
  expect(reasonOf(room.submit(author.write(author.visit()), worker, 'read'))).toBe('read-only');
});

test('[GT9] what does not parse is malformed, and so is a fact written in another way than everybody writes it', () => {
  const author = new Author(worker);
  const honest = author.visit();
  const json = encodeFact(honest);
  const texts = [
    '', '{', 'null', '[]', '"text"', '{}', json.replace('"kind"', '"knid"'), json.replace('"base":[]', '"base":["nonsense"]'),
    json.replace('"set":{', '"set":{"__proto__":{"x":1},'), ` ${json}`, json.replace('"kind":"visit",', '').replace('}', ',"kind":"visit"}'),
    json.replace(`"at":${honest.at}`, `"at":${honest.at}.0`),
  ];
  for (const text of texts) {
    const update = new Author(worker).change((facts) => facts.set(honest.id, text));
    expect(reasonOf(visits().submit(update, worker)), text).toBe('malformed-fact');
  }
  expect(reasonOf(visits().submit(new Author(worker).change((facts) => facts.set('no id', json)), worker))).toBe('malformed-fact');
});

test('[GT9] brackets inside brackets by the thousand are malformed, and the gate does not run out of stack', () => {
  const author = new Author(worker);
  const visit = author.visit();
  const json = encodeFact(visit).replace('"outcome":"met"', `"outcome":${'['.repeat(7_500)}${']'.repeat(7_500)}`);
  expect(reasonOf(visits().submit(author.change((facts) => facts.set(visit.id, json)), worker))).toBe('malformed-fact');
});

test('[GT10] each fact passes the check, and the refusal names fact and field', () => {
  const author = new Author(worker);
  const good = author.visit();
  const cases: readonly (readonly [expected: object, fact: Fact])[] = [
    [{ reason: 'unknown-kind' }, { ...good, kind: 'invoice' }],
    [{ reason: 'unknown-kind' }, { ...good, kind: '__proto__' }],
    [{ reason: 'wrong-author' }, { ...good, by: 'per_wu' }],
    [{ reason: 'wrong-author' }, { ...good, id: 'wudev-0' }],
    [{ reason: 'wrong-room' }, { ...good, set: { ...good.set, grid: 'g2' } }],
    [{ reason: 'bad-fields', field: 'note' }, { ...good, set: { ...good.set, note: '长'.repeat(2_001) } }],
    [{ reason: 'bad-fields', field: 'note' }, { ...good, set: { ...good.set, note: '𠮷'.slice(0, 1) } }],
    [{ reason: 'bad-fields', field: 'idCard' }, { ...good, set: { ...good.set, idCard: '510124' } }],
    [{ reason: 'bad-fields', field: 'outcome' }, { ...good, set: { ...good.set, outcome: 'maybe' } }],
    [{ reason: 'unknown-base' }, { ...good, base: ['wudev-9'], set: { note: '改' } }],
  ];
  for (const [expected, fact] of cases) expect(visits().submit(new Author(worker).write(fact), worker)).toMatchObject({ ...expected, fact: fact.id });
  expect(reasonOf(new GuardedRoom(logOf()).submit(new Author(leader).write(new Author({ ...leader, partners: [] }).activity()), { ...leader, partners: [] }))).toBe('not-allowed');
});

test('[GT10] nobody but the authority states a ledger entry, whatever the room lets them', () => {
  const author = new Author(supervisor);
  const log = new Author(leader);
  const activity = log.activity();
  const attendance = log.attendance(activity.record, 'SBA0001');
  const entry = author.fact('pen_1', 'pointsEntry', {
    volunteer: 'SBA0001', points: 20, debit: 'issued', credit: 'volunteer:SBA0001', activity: activity.record, attendance: attendance.record,
    fact: attendance.id, hoursTenths: 20, rule: 'prl_1', occurredOn: '2026-05-12', reason: 'service',
  });
  const ledger = (): GuardedRoom => new GuardedRoom({ ...logOf(), family: 'ledger' });
  expect(reasonOf(ledger().submit(author.write(entry), supervisor))).toBe('not-allowed');
  expect(reasonOf(ledger().submit(new Author(authority).write(entry), authority))).toBe('admitted');
});

test('[GT10] one bad fact refuses the whole update', () => {
  const room = visits();
  const author = new Author(worker);
  expect(reasonOf(room.submit(author.write(author.visit(), { ...author.visit(), by: 'per_wu' }), worker))).toBe('wrong-author');
  expect(room.facts.size).toBe(0);
});

test('[GT10] a change may stand on a birth of the same update, whichever Yjs client comes first in it', () => {
  for (const [early, late] of [[10, 20], [20, 10]] as const) {
    const author = new Author(worker);
    author.doc.clientID = early;
    const birth = author.visit();
    const before = author.write(birth);
    author.restart();
    author.doc.clientID = late;
    const after = author.write(author.fact(birth.record, 'visit', { note: '记得带表' }, [birth.id]));
    expect(visits().submit(Y.mergeUpdates([before, after]), worker)).toMatchObject({ facts: [{ base: [] }, { base: [birth.id] }] });
  }
});

test('[GT11] a room takes a bounded number of Yjs clients', () => {
  const { room, author } = occupied();
  for (let client = room.owners.size; client < roomMaxClients; client += 1) room.owners.set(2 ** 40 + client, 'many');
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('admitted');
  author.restart();
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('too-large');
});

test('[GT11] clients that a room made anew has retired do not count', () => {
  const { room, author } = occupied();
  for (let client = 0; client < roomMaxClients; client += 1) room.owners.set(2 ** 40 + client, retiredTag);
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('admitted');
  author.restart();
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('admitted');
});

test('[GT11] one device brings a bounded number of them, and the others still have room', () => {
  const { room, author } = occupied();
  for (let client = room.owners.size; client < deviceMaxClients; client += 1) room.owners.set(2 ** 40 + client, worker.device);
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('admitted');
  author.restart();
  expect(reasonOf(room.submit(author.write(author.visit()), worker))).toBe('too-large');
  const other = new Author({ ...worker, device: 'lidev2' });
  expect(reasonOf(room.submit(other.write(other.visit()), other.actor))).toBe('admitted');
});

const cellsOf = (bytes: Uint8Array) => [...readUpdate(bytes)];

test('[GT12] the reader stops at the first struct that is no fact, however many follow it', () => {
  const repeated = (struct: readonly number[]): Uint8Array => {
    const count = 300_000; // as a varint: e0 a7 12
    const body = new Uint8Array(count * struct.length);
    for (let at = 0; at < body.length; at += struct.length) body.set(struct, at);
    return Uint8Array.from([1, 0xe0, 0xa7, 0x12, 9, 0, ...body, 0]);
  };
  const facts = [1, 5, ...Buffer.from('facts')];
  for (const [reason, struct] of [['deletes', [0, 1]], ['nested-type', [0x29, ...facts, 1, 107, 1, 103, 118, 0]], ['nested-type', [0x27, ...facts, 1, 107, 1]]] as const)
    expect(cellsOf(repeated(struct))).toEqual([{ ok: false, error: { reason } }]);
});

test('[GT12] what the reader lets pass is what Yjs reads, and of what is honest it lets everything pass', () => {
  const author = new Author(worker);
  const honest = author.write(author.visit(), author.visit('hou_102'), author.visit());
  fc.assert(
    fc.property(fc.nat(honest.length - 1), fc.nat(255), (at, byte) => {
      const broken = Uint8Array.from(honest);
      broken[at] = byte;
      const read = cellsOf(broken);
      if (read.some((each) => !each.ok)) return;
      const { structs, ds } = Y.decodeUpdate(broken);
      expect(ds.clients.size).toBe(0);
      expect(read.flatMap((each) => (each.ok ? [[each.value.client, each.value.clock, each.value.cell.id, each.value.cell.json]] : []))).toEqual(
        structs.map((struct) => {
          if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentAny)) throw new Error('no cell');
          return [struct.id.client, struct.id.clock, struct.parentSub, struct.content.arr[0]];
        }),
      );
    }),
    { numRuns: 1_000 },
  );
  expect(cellsOf(honest).filter((each) => each.ok)).toHaveLength(3);
  expect(cellsOf(Uint8Array.from([...honest, 0])).at(-1)).toEqual({ ok: false, error: { reason: 'malformed-update' } });
});

test('[GT13] whether somebody may state a fact depends on nothing of the record that a later fact could change', () => {
  for (const kind of Object.values<Kind>(kinds))
    for (const actor of [worker, otherWorker, leader, supervisor, authority])
      for (const set of [{}, { note: '改' }, { deleted: true }]) {
        const read = new Set<string>();
        const fields = new Proxy({}, { get: (_target, name) => void read.add(String(name)) });
        const before = { ...(foldRecord([new Author(actor).visit()]) as Folded), fields };
        const asked = (): boolean => mayState(actor, kind, new Author(actor).fact(`${kind.prefix}_1.1`, kind.name, set, ['lidev-0']), before);
        expect(asked).not.toThrow();
        expect([...read].filter((name) => !kind.fixed.includes(name)), kind.name).toEqual([]);
      }
});

test('[GT13] changes of one record are judged against its birth, whatever came before them in the same update', () => {
  const author = new Author(worker);
  const birth = author.visit();
  const changes = Array.from({ length: recordMaxFacts - 1 }, (_, count) => author.fact(birth.record, 'visit', { note: `第${count}次` }, [birth.id]));
  const room = visits();
  expect(reasonOf(room.submit(author.write(birth, ...changes.slice(0, 100)), worker))).toBe('admitted');
  expect(reasonOf(room.submit(author.write(...changes.slice(100)), worker))).toBe('admitted');
  expect(room.facts.birth(birth.record)?.fields).toEqual(birth.set);
  expect(room.facts.folded(birth.record)?.clashes).toHaveLength(1);
});

test('[SR1] the gate sees what is staged, a sync answer does not', () => {
  const facts = new FactSet();
  const author = new Author(worker);
  const fact = author.visit();
  const run = { client: 9, clock: 0, cells: [{ id: fact.id, json: encodeFact(fact) }] };
  facts.stage([run]);
  expect([facts.has(fact.id), facts.clockOf(9), facts.folded(fact.record)?.kind]).toEqual([true, 1, 'visit']);
  expect([facts.durableClockOf(9), facts.durableRunsAfter(new Map()), facts.durable(fact.record)]).toEqual([0, [], undefined]);
  facts.promote([run]);
  const change = author.fact(fact.record, 'visit', { outcome: 'declined' }, [fact.id]);
  facts.stage([{ client: 9, clock: 1, cells: [{ id: change.id, json: encodeFact(change) }] }]);
  expect([facts.durable(fact.record)?.fields['outcome'], facts.folded(fact.record)?.fields['outcome']]).toEqual(['met', 'declined']);
  expect(facts.durableRunsAfter(new Map())).toEqual([run]);
});

test('[SR5] what is written is what Yjs writes, byte for byte, for any clients and any state vector', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 5 }), fc.array(fc.tuple(fc.nat(4), text), { maxLength: 30 }), fc.array(fc.nat(10), { maxLength: 5 }), (clients, writes, known) => {
      const docs = clients.map((client) => Object.assign(new Y.Doc(), { clientID: client }));
      for (const [index, [doc, value]] of writes.entries()) docs[doc]?.getMap('facts').set(`k${index}`, `{"record":"${value.toWellFormed()}"`);
      const whole = new Y.Doc();
      for (const doc of docs) Y.applyUpdate(whole, Y.encodeStateAsUpdate(doc));
      const facts = new FactSet();
      for (const doc of docs) {
        const cells = Y.decodeUpdate(Y.encodeStateAsUpdate(doc)).structs.map((struct) => {
          if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentAny)) throw new Error('no cell');
          return { id: struct.parentSub ?? '', json: String(struct.content.arr[0]) };
        });
        if (cells.length === 0) continue;
        const run = { client: doc.clientID, clock: 0, cells };
        facts.stage([run]);
        facts.promote([run]);
      }
      const vector = new Map(clients.map((client, index) => [client, Math.min(known[index] ?? 0, facts.durableClockOf(client))]).filter(([, clock]) => clock !== 0) as [number, number][]);
      expect(facts.encodeDurable(vector)).toEqual(Y.encodeStateAsUpdate(whole, encodeVector(vector)));
      expect(encodeRuns(facts.durableRunsAfter(new Map()))).toEqual(Y.encodeStateAsUpdate(whole));
    }),
    { numRuns: 200 },
  );
});

function encodeVector(clocks: ReadonlyMap<number, number>): Uint8Array {
  const doc = new Y.Doc();
  for (const [client, clock] of clocks) {
    const writer = Object.assign(new Y.Doc(), { clientID: client });
    for (let count = 0; count < clock; count += 1) writer.getMap('v').set(String(count), 0);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(writer));
  }
  return Y.encodeStateVector(doc);
}
