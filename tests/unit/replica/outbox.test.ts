/** What is only on this tablet, while the server's answers and further saves cross each other. */
import { expect, test } from 'vitest';
import type { OutboxRow } from '../../../src/replica/journal/database.ts';
import type { JournalWriter } from '../../../src/replica/journal/journal.ts';
import { Outbox } from '../../../src/replica/journal/outbox.ts';
import type { PendingStates } from '../../../src/replica/projection/pending.ts';

const room = 'v1/shuangbai/roster';
const row = (seq: number, client: number): OutboxRow => ({
  seq, room, client, clockEnd: 1, savedAt: 1, facts: [{ id: `lidev-${seq}`, json: JSON.stringify({ record: `par_${seq}`, kind: 'partner', base: [], set: {}, by: 'per_li', at: 1 }) }],
});

function world() {
  const writes: (() => void)[] = [];
  const pending = new Set<string>();
  const journal = { confirm: () => new Promise<void>((resolve) => writes.push(resolve)) } as unknown as JournalWriter;
  const states = {
    add: (facts: { fact: string }[]) => facts.forEach(({ fact }) => pending.add(fact)),
    remove: (facts: { fact: string }[]) => facts.forEach(({ fact }) => pending.delete(fact)),
    mark: () => undefined,
  } as unknown as PendingStates;
  return { outbox: new Outbox(journal, states), writes, pending };
}

test('[PS1, LK2] a save between two answers that say the same stays in the outbox until it is confirmed itself', async () => {
  const { outbox, writes, pending } = world();
  outbox.add(row(1, 7));
  const first = outbox.confirm(room, new Map([[7, 1]]));
  const again = outbox.confirm(room, new Map([[7, 1]]));
  writes[0]?.();
  await first;
  outbox.add(row(2, 8));
  writes[1]?.();
  await again;
  expect(outbox.factsOf(room).map(({ id }) => id)).toEqual(['lidev-2']);
  const last = outbox.confirm(room, new Map([[8, 1]]));
  writes[2]?.();
  await last;
  expect([[...pending], outbox.all(), [...outbox.rooms()]]).toEqual([[], [], []]);
});
