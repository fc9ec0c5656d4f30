/** From the start of the process to the first answer, with a thousand rooms on disk. */
import { rmSync } from 'node:fs';
import { createTickets } from '../../../server/identity/tickets.ts';
import { openStorage } from '../../../server/storage/open.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { startServer } from '../../../tests/support/serverProcess.ts';
import type { Measure } from '../report.ts';
import { prepareFolder } from '../systems.ts';
import { actorOf, roomOf, updateOf, visits } from '../work.ts';

const factsEach = 20;

export const restart: Measure = {
  id: '4',
  title: 'a restart',
  run: async ({ rounds, rooms }) => {
    const { folder } = await prepareFolder(0);
    const storage = openStorage(folder);
    await storage.append(Array.from({ length: rooms }, (_, room) => {
      const { bytes, client } = updateOf(visits(0, room, factsEach, room * factsEach));
      const { device, person } = actorOf(0);
      return { room: formatRoomName(roomOf(room)), after: 0, updates: [{ bytes, device, person, at: 0 }], clients: [[client, device]] as const };
    }));
    const { ticket } = (await createTickets(storage, Date.now)).issue(actorOf(0));
    await storage.close();

    const ready: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const from = performance.now();
      const server = await startServer({ demo: 'small', dataDir: folder });
      ready.push(performance.now() - from);
      const answer = await fetch(`${server.url}/api/rooms/${formatRoomName(roomOf(rooms - 1))}`, { headers: { authorization: `Bearer ${ticket}` } });
      if (!answer.ok) throw new Error(`the room was answered with ${answer.status}`);
      await answer.arrayBuffer();
      answered.push(performance.now() - from);
      await server.kill();
    }
    rmSync(folder, { recursive: true, force: true });
    const what = `restart with ${rooms.toLocaleString('en')} rooms`;
    return [
      { id: '4', what: `${what}: until it takes work`, unit: 'ms', figures: { ours: ready } },
      { id: '4', what: `${what}: until the first room is answered (the others keep nothing over a restart)`, unit: 'ms', figures: { ours: answered } },
    ];
  },
};
