/** An enrolled tablet and a server that ends it. The server is a stand-in: it has to forget some of what it is given. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { join } from '../../../src/keys/joining.ts';
import { setPin } from '../../../src/keys/unlocking.ts';
import type { SyncStatus } from '../../../src/replica/contract.ts';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import { Replica } from '../../../src/replica/replica.ts';
import { parseFact } from '../../../src/domain/kernel/fact.ts';
import { code, IdentityStandIn } from '../../support/identityStandIn.ts';

let stoodIn: IdentityStandIn;
let server: string;
let tablet: Replica;
let last: SyncStatus | undefined;
let replica: string;

beforeEach(async () => {
  stoodIn = new IdentityStandIn();
  stoodIn.confirms = false;
  stoodIn.ticketMs = 0;
  server = await stoodIn.listen();
  const joined = await join(server, code, 'test');
  if (!joined.ok) throw new Error(joined.error);
  const { id } = joined.value;
  replica = joined.value.replica;
  const dataKey = await setPin(server, id, '271828');
  if (!dataKey.ok) throw new Error(dataKey.error);
  const opened = await Replica.open({ replica, seat: id, server, enrolled: { tag: id, dataKey: dataKey.value } }, (status) => (last = status));
  if (!opened.ok) throw new Error(opened.error);
  tablet = opened.value;
});
afterEach(async () => {
  await tablet.leave();
  await stoodIn.close();
});

const stored = async () => {
  const journal = await openJournalDatabase(replica);
  const ids = [...(await journal.outbox.toArray()).map(({ seq }) => seq), ...(await journal.tray.toArray()).map(({ fact }) => fact)];
  journal.close();
  return ids.length;
};
const save = async (name: string): Promise<string> => {
  const saved = await tablet.run(name, 'addBuilding', { grid: 'g1', name });
  if (!saved.ok) throw new Error(saved.error.type);
  return saved.value.facts[0]?.fact ?? '';
};
/** Tries until it is so: a try that is under way is waited for, not repeated. */
const until = (check: () => void) =>
  vi.waitFor(async () => {
    await tablet.syncNow();
    check();
  }, { timeout: 8_000, interval: 20 });

test('[RP9] its tickets are signed with its key, carry its own tag, and tell how much is only here', async () => {
  const [tag] = [...stoodIn.devices.keys()];
  expect(tablet.status().actor?.device).toBe(tag);
  expect(await save('1栋')).toMatch(new RegExp(`^${tag}-`));
  await until(() => expect(stoodIn.only.unsent).toEqual({ saved: 1, refused: 0 }));
});

test('[RP9] ended: all that was never confirmed is handed over in parts, and each is let go when the server has named it', async () => {
  const facts: string[] = [];
  for (let nth = 0; nth < 203; nth += 1) facts.push(await save(`${nth}栋`));
  const [stubborn = ''] = facts;
  stoodIn.drops.add(stubborn);
  stoodIn.only.ended = 'revoked';
  await until(() => expect(last?.ended).toMatchObject({ reason: 'revoked', handedOver: 202, left: 1, mayWipe: false }));
  expect(stoodIn.handed.slice(0, 2).map((part) => part.length)).toEqual([200, 3]);
  expect(stoodIn.handed.flat().every(({ id, json }) => parseFact(id, json)?.kind === 'building')).toBe(true);
  expect(tablet.status()).toMatchObject({ saved: 1, sent: 0 });
  expect(await stored()).toBe(1);
  stoodIn.drops.clear();
  await until(() => expect(last?.ended).toMatchObject({ handedOver: 203, left: 0, mayWipe: true }));
  expect(new Set(stoodIn.handed.flat().map(({ id }) => id))).toEqual(new Set(facts));
  expect(await stored()).toBe(0);
}, 40_000);

test('[RP9] a lost tablet may be wiped once everything was offered; one that the server does not know may not, and keeps what it has', async () => {
  const fact = await save('1栋');
  stoodIn.drops.add(fact);
  stoodIn.only.ended = 'wipe';
  await until(() => expect(last?.ended).toMatchObject({ reason: 'wipe', left: 1, mayWipe: true }));
  stoodIn.only.ended = 'unknown';
  await until(() => expect(last?.ended).toMatchObject({ reason: 'unknown', left: 1, mayWipe: false }));
  expect(await stored()).toBe(1);
  stoodIn.only.ended = undefined;
  await until(() => expect(last?.ended).toBeUndefined());
}, 40_000);
