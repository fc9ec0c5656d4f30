/** A counter and the authority behind the running server: held, spent, booked once, and a copy caught. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { claimId, settlementId, verdictId } from '../../src/domain/redemption/ids.ts';
import { Author } from '../support/author.ts';
import { community, logOf } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ demo: 'small' });
});
afterAll(() => server.dispose());

const month = monthOf(Date.now());
const [ledgerRoom, claimsRoom] = [{ community, family: 'ledger', month }, { community, family: 'claims', month }] as const;
const volunteer = 'SBA0001';

const entriesIn = (client: StockClient) => Object.values(client.facts).map((json) => JSON.parse(String(json)) as Fact);
/** Points by account. */
const accounts = (...clients: readonly StockClient[]): Map<string, number> => {
  const points = new Map<string, number>();
  for (const { set } of clients.flatMap(entriesIn)) {
    if (set['debit'] === undefined) continue;
    points.set(String(set['debit']), (points.get(String(set['debit'])) ?? 0) - Number(set['points']));
    points.set(String(set['credit']), (points.get(String(set['credit'])) ?? 0) + Number(set['points']));
  }
  return points;
};

test('[PN4] [PN5] [PN6] [PN14] points are held for a counter in contact, spent, booked once through a kill, and a copied tablet is caught', async () => {
  const [li, ko, he] = [await sitDown(server, 'li'), await sitDown(server, 'ko'), await sitDown(server, 'he')];
  const worker = new Author(li.actor);
  const log = await Peer.into(server, logOf(), li);
  await log.sync();
  const activity = worker.activity();
  log.update(worker.write(activity, worker.attendance(activity.record, volunteer, 40)));
  await log.acked(worker.doc.clientID, 2);

  let earned = new StockClient(server, { ...logOf(), family: 'ledger' }, [ticketProtocol(ko)]);
  let ledger = new StockClient(server, ledgerRoom, [ticketProtocol(ko)]);
  const verdictOn = (about: string): Fields | undefined => entriesIn(ledger).find(({ record }) => record === verdictId(about))?.set;
  const grant = await eventually(() => {
    expect(accounts(earned, ledger).get(`volunteer:${volunteer}`)).toBe(0);
    return entriesIn(ledger).find(({ kind }) => kind === 'grant')?.record as string;
  });
  const held = `held:${grant.slice(4)}:${volunteer}`;
  expect(accounts(earned, ledger).get(held)).toBe(40);

  const counter = new Author(ko.actor);
  const claim = (seq: number, points: number, prev?: string): Fact => {
    const set = { grant, seq, ...(prev !== undefined && { prev: prev.slice(-32) }), type: 'redeem', volunteer, points, madeAt: Date.now() };
    return counter.fact(claimId(set), 'claim', set);
  };
  let claims = await Peer.into(server, claimsRoom, ko);
  await claims.sync();
  const first = claim(1, 30);
  claims.update(counter.write(first));
  await claims.acked(counter.doc.clientID, 1);
  // Confirmed and not yet looked at, perhaps: the end comes without notice.
  await server.kill();
  for (const client of [log, claims]) client.end();
  for (const client of [earned, ledger]) client.end();
  const { port, dataDir } = server;
  server = await startServer({ demo: 'small', port, dataDir });

  ledger = new StockClient(server, ledgerRoom, [ticketProtocol(ko)]);
  earned = new StockClient(server, { ...logOf(), family: 'ledger' }, [ticketProtocol(ko)]);
  await eventually(() => expect(verdictOn(first.record)?.['result']).toBe('booked'));
  claims = await Peer.into(server, claimsRoom, ko);
  await claims.sync();
  const second = claim(2, 10, first.record);
  claims.update(counter.write(second));
  await eventually(() => expect(verdictOn(second.record)?.['result']).toBe('booked'));
  expect(entriesIn(ledger).filter(({ set }) => set['reason'] === 'redeemed').map(({ set }) => set['points']).sort()).toEqual([10, 30]);
  expect([accounts(earned, ledger).get(held), accounts(earned, ledger).get(`redeemed:${ko.actor.device}`)]).toEqual([0, 40]);

  // A copy of the profile has said something else under the second fact's id.
  const copy = new Author(ko.actor);
  copy.fact('clm_skipped', 'claim', {});
  const other = { grant, seq: 2, prev: first.record.slice(-32), type: 'redeem', volunteer, points: 5, madeAt: 1_800_000_000_000 };
  const forked = copy.fact(claimId(other), 'claim', other);
  expect(forked.id).toBe(second.id);
  const copied = await Peer.into(server, claimsRoom, ko);
  copied.update(copy.write(forked));
  expect((await copied.ended()).reason).toBe('overwrite');
  await eventually(() => expect(verdictOn(forked.record)).toMatchObject({ result: 'forked', seq: 2, points: 5, volunteer }));

  const office = new Author(he.actor);
  const desk = await Peer.into(server, claimsRoom, he);
  await desk.sync();
  const verdict = verdictId(forked.record);
  desk.update(office.write(office.fact(settlementId(verdict), 'settlement', { verdict, grant, decision: 'honour' })));
  await eventually(() => expect(accounts(earned, ledger).get('shortfall')).toBe(-5));

  // Under a grant that this ledger does not know, as after a restore: kept, and paid when the office says so.
  const lost = { grant: `${grant.slice(0, -1)}9`, seq: 1, type: 'redeem', volunteer, points: 7, madeAt: Date.now() };
  const stray = counter.fact(claimId(lost), 'claim', lost);
  claims.update(counter.write(stray));
  await eventually(() => expect(verdictOn(stray.record)?.['result']).toBe('unknown'));
  const late = verdictId(stray.record);
  desk.update(office.write(office.fact(settlementId(late), 'settlement', { verdict: late, grant: lost.grant, decision: 'honour' })));
  await eventually(() => expect(accounts(earned, ledger).get('shortfall')).toBe(-12));
  const end = accounts(earned, ledger);
  expect(end.get(`redeemed:${ko.actor.device}`)).toBe(52);
  expect([...end].filter(([account, points]) => points < 0 && account !== 'issued' && account !== 'shortfall')).toEqual([]);
  expect([...end.values()].reduce((sum, points) => sum + points, 0)).toBe(0);
  for (const client of [claims, copied, desk]) client.end();
  for (const client of [earned, ledger]) client.end();
}, 60_000);
