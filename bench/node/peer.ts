/** Another tablet without a screen: it states many records at once, as one that was offline for a day does. */
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { messageYjsUpdate } from 'y-protocols/sync';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { scaleGrids } from '../../server/demo/scale.ts';
import { encodeFact } from '../../src/domain/kernel/fact.ts';
import { createIdSource } from '../../src/domain/kernel/ids.ts';
import { ticketProtocolPrefix } from '../../src/protocol/api.ts';
import { factsRoot, messageSync } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { doorsCommunity } from '../records.ts';
import { askTicket } from './servers.ts';

const device = 'peer01';

/** New households, spread over nine grids: one update for each grid's room. Resolves when all are sent. */
export async function sendDoors(origin: string, count: number): Promise<void> {
  const ids = createIdSource(device, () => Date.now());
  const ticket = await askTicket(origin, `${doorsCommunity}-grid1`, device);
  await Promise.all(scaleGrids.map((grid, index) => {
    const doc = new Y.Doc();
    doc.transact(() => {
      for (let nth = index; nth < count; nth += scaleGrids.length) {
        // Every grid has a first building, numbered like the grid.
        const set = { grid, building: `bld_${index + 1}`, unit: 2, floor: 1, door: `新${nth}`, heads: 1 };
        const fact = { id: `${device}-${nth.toString(36)}`, record: ids.newId('hou'), kind: 'household', base: [], set, by: `per_${doorsCommunity}-grid1`, at: Date.now() };
        doc.getMap<string>(factsRoot).set(fact.id, encodeFact(fact));
      }
    });
    const room = formatRoomName({ community: doorsCommunity, family: 'people', grid });
    return send(`${origin.replace('http', 'ws')}/sync/${room}`, ticket, Y.encodeStateAsUpdate(doc));
  }));
}

function send(url: string, ticket: string, update: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [subprotocol, ticketProtocolPrefix + ticket]);
    socket.on('error', reject);
    socket.on('close', (code) => (code === 1005 || code === 1000 ? resolve() : reject(new Error(`the server closed with ${code}`))));
    socket.on('open', () => {
      const encoder = createEncoder();
      writeVarUint(encoder, messageSync);
      writeVarUint(encoder, messageYjsUpdate);
      writeVarUint8Array(encoder, update);
      socket.send(toUint8Array(encoder), () => socket.close());
    });
  });
}
