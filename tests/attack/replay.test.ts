/** What was said once is said again: at once, by somebody else, in another room, after a restart, a day later. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer } from '../../server/createServer.ts';
import { openStorage } from '../../server/storage/open.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { Author } from '../support/author.ts';
import { visitsOf } from '../support/community.ts';
import { startServer } from '../support/serverProcess.ts';
import * as smallDemo from '../support/smallDemo.ts';
import { Peer, sitDown, ticketProtocol, type Reachable } from '../support/wire.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** A room that nobody else writes to. */
const quiet = visitsOf('g1', Date.parse('2026-09-03T00:00:00Z'));
const stamp = Date.parse('2026-09-03T00:00:00Z').toString(36).padStart(9, '0');

function recorded(grant: TicketGrant): { readonly update: Uint8Array; readonly client: number } {
  const author = new Author(grant.actor);
  const update = author.write({ ...author.visit(), record: `vis_${stamp}${grant.actor.device}1` });
  return { update, client: author.doc.clientID };
}

async function headOf(server: Reachable, room: RoomAddress, grant: TicketGrant): Promise<string | null> {
  const answer = await fetch(`${server.url}/api/rooms/${formatRoomName(room)}`, { headers: { authorization: `Bearer ${grant.ticket}` } });
  expect(answer.status).toBe(200);
  return answer.headers.get('etag');
}

/** Says it on a connection of its own and waits until it is confirmed. */
async function say(server: Reachable, grant: TicketGrant, { update, client }: ReturnType<typeof recorded>): Promise<void> {
  const peer = await Peer.into(server, quiet, grant);
  await peer.sync();
  peer.clocks.clear();
  peer.stepTwo(update);
  await peer.acked(client, 1);
  expect(peer.closed).toBeUndefined();
  peer.end();
}

test('[GT2, SR13] an update said again is confirmed again and stored once, however often', async () => {
  const grant = await stage.sitDown('li');
  const said = recorded(grant);
  await say(stage.server, grant, said);
  const head = await headOf(stage.server, quiet, grant);
  await stage.attack('an update replayed 100 times', async () => {
    for (let round = 0; round < 100; round += 1) await say(stage.server, grant, said);
  });
  expect(await headOf(stage.server, quiet, grant)).toBe(head);
}, 30_000);

test('[GT2, GT10] replayed by another device it changes nothing and confirms nothing; in another room it is refused', async () => {
  const grant = await stage.sitDown('li');
  const said = recorded(grant);
  await say(stage.server, grant, said);
  const head = await headOf(stage.server, quiet, grant);
  await stage.attack('an update replayed by a thief', async () => {
    const thief = await stage.settled(quiet, await stage.sitDown('he'));
    thief.update(said.update);
    await thief.sync();
    expect([thief.closed, thief.clocks.has(said.client)]).toEqual([undefined, false]);
    await stage.refuses('wrong-room', visitsOf('g1', Date.parse('2026-10-03T00:00:00Z')), grant, said.update);
  });
  expect(await headOf(stage.server, quiet, grant)).toBe(head);
});

test('[AU1, GT2] a day later and after a restart the ticket is worth nothing and the update says nothing new', async () => {
  const first = await startServer({ demo: 'small' });
  const grant = await sitDown(first, 'li');
  const said = recorded(grant);
  await say(first, grant, said);
  const head = await headOf(first, quiet, grant);
  expect(await first.stop()).toBe(0);

  const storage = openStorage(first.dataDir);
  const later = await createServer({
    config: { host: '127.0.0.1', port: 0, origins: [], app: 'nowhere' }, storage, log: { info: () => undefined, error: () => undefined }, demo: smallDemo,
    now: () => Date.now() + 86_400_000,
  });
  const url = await later.listen();
  const server = { url, wsUrl: `${url.replace('http', 'ws')}/sync` };
  const late = new Peer(server, formatRoomName(quiet), [ticketProtocol(grant)]);
  expect((await late.ended()).code).toBe(4401);
  const again = await sitDown(server, 'li', grant.actor.device);
  await say(server, again, said);
  expect(await headOf(server, quiet, again)).toBe(head);
  await later.stop();
  await first.dispose();
});
