/** The authority behind the running server: points appear in the ledger, once, and follow corrections. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Author } from '../support/author.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { logOf, today } from '../support/community.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol } from '../support/wire.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ demo: 'small' });
});
afterAll(() => server.dispose());

test('[AU12, AU13] two tablets log one attendance, it is paid once; a correction reverses and pays anew', async () => {
  const [one, two] = [await sitDown(server, 'chen'), await sitDown(server, 'li')];
  const [chen, li] = [new Author(one.actor), new Author(two.actor)];
  const [a, b] = [await Peer.into(server, logOf(), one), await Peer.into(server, logOf(), two)];
  const ledger = new StockClient(server, { ...logOf(), family: 'ledger' }, [ticketProtocol(one)]);
  await Promise.all([a.sync(), b.sync(), ledger.synced()]);
  const points = (): number[] =>
    Object.entries(ledger.facts)
      .sort(([left], [right]) => left.length - right.length || (left < right ? -1 : 1))
      .map(([, json]) => JSON.parse(String(json)) as { set: { points: number; credit: string }; by: string })
      .map(({ set, by }) => {
        expect(by).toBe('per_authority');
        return set.credit === 'issued' ? -set.points : set.points;
      });

  const activity = chen.activity();
  a.update(chen.write(activity, chen.attendance(activity.record, 'SBA0001', 20)));
  b.update(li.write(li.activity(), li.attendance(activity.record, 'SBA0001', 20)));
  await Promise.all([a.acked(chen.doc.clientID, 2), b.acked(li.doc.clientID, 2)]);
  await eventually(() => expect(points()).toEqual([20]));

  await a.sync();
  const attendance = chen.attendance(activity.record, 'SBA0001', 20).record;
  const heads = [...a.doc.getMap('facts').entries()].filter(([, json]) => String(json).includes(`"record":"${attendance}"`)).map(([id]) => id);
  a.update(chen.write(chen.fact(attendance, 'attendance', { hoursTenths: 30 }, heads.sort())));
  await eventually(() => expect(points()).toEqual([20, -20, 30]));
  for (const client of [a, b, ledger]) client.end();
});

test('[AU12] nobody else writes a ledger: even the supervisor only reads it', async () => {
  const grant = await sitDown(server, 'he');
  const peer = await Peer.into(server, { ...logOf(), family: 'ledger' }, grant);
  await peer.sync();
  const author = new Author(grant.actor);
  peer.stepTwo(author.write(author.fact('pen_1', 'pointsEntry', { volunteer: 'SBA0001', points: 1_000 })));
  expect(await peer.ended()).toEqual({ code: 4409, reason: 'read-only' });
  peer.end();
});

test('[AU13, PN13] no activity can be named so long that the ledger has no id for its entries: the others are paid', async () => {
  const grant = await sitDown(server, 'li');
  const li = new Author(grant.actor);
  const longest = (tail: number) => {
    const activity = li.activity({ organiser: `par_${'x'.repeat(tail)}`, startsAt: instantOf(today, '08:00'), endsAt: instantOf(today, '09:00') });
    return li.fact(`act_${'x'.repeat(tail)}.${activity.record.split('.').at(-1)}`, 'activity', activity.set);
  };
  const tried = await Promise.all([48, 72].map(async (tail) => {
    const peer = await Peer.into(server, logOf(), grant);
    await peer.sync();
    li.restart();
    const activity = longest(tail);
    peer.update(li.write(activity, li.attendance(activity.record, 'SBLIDEV00000', 10)));
    await eventually(() => expect([peer.closed?.code, peer.clocks.size > 0]).not.toEqual([undefined, false]));
    peer.end();
    return peer.refusal?.reason;
  }));
  expect(tried).toEqual([undefined, 'bad-fields']);
  const ledger = new StockClient(server, { ...logOf(), family: 'ledger' }, [ticketProtocol(grant)]);
  const peer = await Peer.into(server, logOf(), grant);
  await Promise.all([ledger.synced(), peer.sync()]);
  li.restart();
  const activity = li.activity({ startsAt: instantOf(today, '19:00'), endsAt: instantOf(today, '20:00') });
  const attendance = li.attendance(activity.record, 'SBA0002', 10);
  peer.update(li.write(activity, attendance));
  await eventually(() => expect(Object.values(ledger.facts).filter((json) => String(json).includes(attendance.record))).toHaveLength(1));
  for (const client of [peer, ledger]) client.end();
});
