/** What it costs to judge an update before anything of it is stored, in a room that holds much already. */
import * as Y from 'yjs';
import { FactSet } from '../../../server/rooms/factSet.ts';
import { judge } from '../../../server/rooms/gate.ts';
import { readUpdate } from '../../../server/rooms/updateReader.ts';
import { updateMaxBytes } from '../../../src/protocol/messages.ts';
import type { Measure } from '../report.ts';
import { actorOf, roomOf, updateOf, visits } from '../work.ts';

const held = 50_000;
const stated = 100;

export const gate: Measure = {
  id: '1',
  title: 'the gate',
  run: async ({ rounds }) => {
    const facts = new FactSet();
    const room = updateOf(visits(0, 0, held));
    const cells = [...readUpdate(room.bytes)].flatMap((placed) => (placed.ok ? [placed.value.cell] : []));
    const run = { client: room.client, clock: 0, cells };
    facts.stage([run]);
    facts.promote([run]);
    const guarded = { address: roomOf(0), facts, owners: new Map([[room.client, actorOf(0).device]]), clientsOf: () => 1 };
    const doc = new Y.Doc();
    Y.applyUpdate(doc, room.bytes);
    doc.getMap('facts');

    const samples: Record<'ours' | 'stock', number[]> = { ours: [], stock: [] };
    for (let round = 0; round < rounds * 10; round += 1) {
      const { bytes } = updateOf(visits(1, 0, stated, round * stated));
      let from = performance.now();
      const judged = judge(guarded, bytes, updateMaxBytes, { actor: actorOf(1), access: 'write' });
      samples.ours.push(performance.now() - from);
      if (!judged.ok || judged.value.facts.length !== stated) throw new Error(`the gate refused: ${JSON.stringify(judged)}`);
      from = performance.now();
      Y.applyUpdate(doc, bytes);
      samples.stock.push(performance.now() - from);
    }
    return [{
      id: '1', what: `an update of ${stated} facts into a room of ${held.toLocaleString('en')}: judged (ours), applied without a look (stock)`, unit: 'ms', figures: samples,
    }];
  },
};
