/** Every tablet comes back at once with what it wrote offline. */
import { formatRoomName } from '../../../src/protocol/roomName.ts';
import { quantile } from '../../node/stats.ts';
import { Line, openAll } from '../line.ts';
import type { Measure, Row } from '../report.ts';
import { start, systemNames, type SystemName } from '../systems.ts';
import { roomOf, updateOf, visits } from '../work.ts';

interface Storm {
  readonly confirmedS: number;
  readonly seenS: number;
  readonly median: number;
  readonly slowest: number;
}

async function storm(name: SystemName, tablets: number, rooms: number, edits: number): Promise<Storm> {
  const server = await start(name, tablets + rooms);
  const names = Array.from({ length: rooms }, (_, room) => formatRoomName(roomOf(room)));
  const inRoom = (tablet: number): number => tablet % rooms;
  // Written while there was no network.
  const offline = Array.from({ length: tablets }, (_, tablet) => updateOf(visits(tablet, inRoom(tablet), edits)));
  const witnesses = await openAll(names.map((room, nth) => () => new Line(server, tablets + nth, room, true)));
  const perRoom = names.map((_, room) => edits * offline.filter((__, tablet) => inRoom(tablet) === room).length);
  const waits: number[] = [];
  const from = performance.now();
  const seen = Promise.all(witnesses.map((witness, room) => witness.holds(perRoom[room] ?? 0))).then(() => (performance.now() - from) / 1_000);
  const lines = await openAll(offline.map((_, tablet) => () => new Line(server, tablet, names[inRoom(tablet)] ?? '')));
  const said = lines.map(async (line, tablet) => {
    const sent = performance.now();
    await line.say(offline[tablet] as (typeof offline)[number], edits);
    waits.push(performance.now() - sent);
  });
  const confirmed = name === 'stock' ? Number.NaN : await Promise.all(said).then(() => (performance.now() - from) / 1_000);
  const seenS = await seen;
  for (const line of [...lines, ...witnesses]) line.end();
  await server.close();
  return { confirmedS: confirmed, seenS, median: quantile(waits, 0.5), slowest: quantile(waits, 0.99) };
}

export const theStorm: Measure = {
  id: '2',
  title: 'every tablet comes back at once',
  run: async ({ rounds, tablets }) => {
    const rooms = Math.max(1, Math.round(tablets / 20));
    const edits = 50;
    const results: Record<SystemName, Storm[]> = { ours: [], stock: [], hocuspocus: [] };
    for (let round = 0; round < rounds; round += 1) for (const name of systemNames) results[name].push(await storm(name, tablets, rooms, edits));
    const figures = (of: (each: Storm) => number): Row['figures'] =>
      Object.fromEntries(systemNames.map((name) => [name, results[name].map(of).filter((value) => !Number.isNaN(value))]));
    const what = `${tablets.toLocaleString('en')} tablets, ${rooms} rooms, ${edits} offline edits each`;
    return [
      { id: '2', what: `${what}: until a witness in each room holds all`, unit: 's', figures: figures(({ seenS }) => seenS) },
      { id: '2', what: 'until the last is confirmed (ours: on disk; Hocuspocus: in memory; stock confirms nothing)', unit: 's', figures: figures(({ confirmedS }) => confirmedS) },
      { id: '2', what: 'confirmed edits a second, connecting included', unit: '/s', more: true, figures: figures(({ confirmedS }) => (tablets * edits) / confirmedS) },
      { id: '2', what: 'from sent to confirmed, a tablet in the middle', unit: 'ms', figures: figures(({ median }) => median) },
      { id: '2', what: 'from sent to confirmed, the slowest of a hundred', unit: 'ms', figures: figures(({ slowest }) => slowest) },
    ];
  },
};
