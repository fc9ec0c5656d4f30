/** What a connection costs that says nothing: fifty to a room. */
import { watchMemory } from '../../../tests/support/memory.ts';
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { Line, openAll } from '../line.ts';
import type { Measure } from '../report.ts';
import { start, systemNames, type SystemName } from '../systems.ts';
import { roomOf } from '../work.ts';

async function perConnection(name: SystemName, connections: number): Promise<number> {
  const warm = 50;
  const server = await start(name, connections + warm);
  const room = (nth: number): string => formatRoomName(roomOf(Math.floor(nth / 50)));
  // What the first connections load stays and is not theirs.
  const first = await openAll(Array.from({ length: warm }, (_, nth) => () => new Line(server, connections + nth, room(0))));
  const { before } = watchMemory(server.pid);
  const lines = await openAll(Array.from({ length: connections }, (_, nth) => () => new Line(server, nth, room(nth))));
  const after = watchMemory(server.pid).before;
  for (const line of [...first, ...lines]) line.end();
  await server.close();
  return (after - before) / 1_024 / connections;
}

export const idle: Measure = {
  id: '3',
  title: 'idle connections',
  run: async ({ rounds, tablets }) => {
    const figures: Record<SystemName, number[]> = { ours: [], stock: [], hocuspocus: [] };
    for (let round = 0; round < rounds; round += 1) for (const name of systemNames) figures[name].push(await perConnection(name, tablets));
    return [{ id: '3', what: `memory for each of ${tablets.toLocaleString('en')} idle connections, 50 to a room`, unit: 'kB', figures }];
  },
};
