/** Files and the wire bring the same facts in any order, some of them twice, some of them cut in between: one fold comes of it. */
import * as fc from 'fast-check';
import * as Y from 'yjs';
import { expect, test } from 'vitest';
import { createFileKeys } from '../../server/identity/fileKeys.ts';
import { openMemoryStorage } from '../../server/storage/memory.ts';
import type { Fact, FactId, Fields } from '../../src/domain/kernel/fact.ts';
import { foldRecord } from '../../src/domain/kernel/fold.ts';
import { writeBundleFile, type Bundle } from '../../src/protocol/bundle.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { bringInto } from '../../src/replica/bundles/bringing.ts';
import { packBundles } from '../../src/replica/bundles/making.ts';
import { readBundles, type Brought } from '../../src/replica/bundles/reading.ts';
import { cellsUpTo } from '../../src/replica/rooms/backlog.ts';
import { Room } from '../../src/replica/rooms/room.ts';
import { Author } from '../support/author.ts';
import { demoSigner } from '../support/bundles.ts';
import { community, roster, supervisor } from '../support/community.ts';
import { runs } from './settings.ts';

const devices = ['anna', 'bobo', 'cici'] as const;
const born: Fields = { name: '好吃兔', type: 'business', legalForm: 'organisation', stage: 'active' };

const step = fc.record({
  device: fc.nat(devices.length - 1),
  set: fc.record({ note: fc.constantFrom('a', 'b', null), name: fc.constantFrom('兔', '好吃兔'), deleted: fc.boolean() }, { requiredKeys: [] }),
  hears: fc.subarray([0, 1, 2]),
  /** The tablet makes a file after this. */
  isFiled: fc.boolean(),
  restarts: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** What passes on: a file of a device as it stood then, or all of a device's document by the wire. */
type Passing = { readonly file: readonly Bundle[] } | { readonly wire: Uint8Array };

const keys = await createFileKeys(openMemoryStorage(), () => 1);
const grants = devices.map((device) => keys.grant({ ...supervisor, device, person: `per_${device}` }, undefined));
const signers = await Promise.all(grants.map(demoSigner));

/** Tablets state things, knowing more or less of one another. */
async function happened(steps: readonly Step[]): Promise<{ readonly facts: readonly Fact[]; readonly files: readonly Passing[]; readonly wires: readonly Passing[] }> {
  const authors = devices.map((device) => new Author({ ...supervisor, device, person: `per_${device}` }));
  const known = devices.map(() => new Set<FactId>());
  const documents = devices.map(() => [] as Author['doc'][]);
  const facts = new Map<FactId, Fact>();
  const files: Passing[] = [];
  const file = async (nth: number): Promise<void> => {
    const cells = (documents[nth] ?? []).flatMap((doc) => cellsUpTo(doc, new Map([[doc.clientID, Number.MAX_SAFE_INTEGER]])));
    const grant = grants[nth];
    const sign = signers[nth];
    if (!grant || !sign || cells.length === 0) return;
    files.push({ file: (await packBundles([{ room: formatRoomName(roster), cells, earlier: () => [] }], devices[nth] ?? '', grant, sign, 1)).bundles });
  };
  for (const { device, set, hears, isFiled, restarts } of [{ device: 0, set: born, hears: [], isFiled: false, restarts: false }, ...steps]) {
    const own = known[device] as Set<FactId>;
    for (const other of hears) for (const id of known[other] ?? []) own.add(id);
    // Who has not heard of the record has nothing to change; what would change nothing is not stated.
    if ((facts.size > 0 && own.size === 0) || Object.keys(set).length === 0) continue;
    const author = authors[device] as Author;
    if (restarts) author.restart();
    const superseded = new Set([...own].flatMap((id) => facts.get(id)?.base ?? []));
    const fact = author.fact('par_x', 'partner', set as Fields, [...own].filter((id) => !superseded.has(id)).sort());
    author.write(fact);
    if (!documents[device]?.includes(author.doc)) documents[device]?.push(author.doc);
    facts.set(fact.id, fact);
    own.add(fact.id);
    if (isFiled) await file(device);
  }
  for (const nth of devices.keys()) await file(nth);
  const wires = documents.flatMap((each) => each.map((doc): Passing => ({ wire: Y.encodeStateAsUpdate(doc) })));
  return { facts: [...facts.values()], files, wires };
}

/** A tablet that takes what passes, as the replica does: rows beside the document, asked again whenever more has come. */
class Taker {
  readonly room = new Room(roster);
  readonly #rows = new Map<string, Brought>();

  async take(passing: Passing): Promise<void> {
    if ('wire' in passing) this.room.apply(passing.wire, 'remote');
    else {
      const read = await readBundles(writeBundleFile(passing.file), community, grants[0] as never, 1);
      if (!read.ok) throw new Error(read.error);
      for (const each of read.value) this.#rows.set(each.row.id, each);
    }
    bringInto(this.room, [...this.#rows.values()].flatMap(({ rooms }) => rooms));
  }
}

const some = fc.array(step, { minLength: 1, maxLength: 10 });
const order = fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 });
const inOrder = <T>(items: readonly T[], by: readonly number[]): T[] => items.map((item, nth) => ({ item, at: by[nth % by.length] ?? 0 })).sort((a, b) => a.at - b.at).map(({ item }) => item);

test('[BF6] files alone, in any order and some of them twice, show what the facts fold to', async () => {
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(some, order, async (steps, by) => {
      const { facts, files } = await happened(steps);
      const tablet = new Taker();
      for (const passing of inOrder([...files, ...files], by)) {
        await tablet.take(passing);
        waited += facts.length - tablet.room.factsOf('par_x').length > 0 ? 1 : 0;
      }
      expect(tablet.room.find('par_x')).toEqual(foldRecord(facts));
      expect([...tablet.room.cells(new Map())]).toEqual([]);
    }),
    runs(60),
  );
  expect(waited).toBeGreaterThan(20);
}, 120_000);

test('[BF4, BF6] mixed with the wire: the same fold, and in the end nothing that only a file says', async () => {
  await fc.assert(
    fc.asyncProperty(some, order, async (steps, by) => {
      const { facts, files, wires } = await happened(steps);
      const tablet = new Taker();
      for (const passing of inOrder([...files, ...wires, ...files], by)) await tablet.take(passing);
      expect(tablet.room.find('par_x')).toEqual(foldRecord(facts));
      expect(facts.every(({ id }) => tablet.room.holds(id))).toBe(true);
      // What goes over this tablet's wire is what the wire brought, byte for byte of content.
      const other = new Room(roster);
      other.apply(tablet.room.encode(), 'remote');
      expect(other.find('par_x')).toEqual(foldRecord(facts));
    }),
    runs(60),
  );
}, 120_000);

test('[BF4, BF7] what is taken back leaves the room as if it had never come', async () => {
  await fc.assert(
    fc.asyncProperty(some, order, async (steps, by) => {
      const { facts, files, wires } = await happened(steps);
      const [tablet, plain] = [new Taker(), new Taker()];
      const some = inOrder(wires, by).slice(1);
      for (const passing of inOrder([...files, ...some], by)) await tablet.take(passing);
      for (const passing of some) await plain.take(passing);
      tablet.room.withdraw(facts.map(({ id }) => id));
      expect(tablet.room.find('par_x')).toEqual(plain.room.find('par_x'));
      expect(tablet.room.size).toBe(plain.room.size);
    }),
    runs(40),
  );
}, 120_000);
