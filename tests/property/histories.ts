/** Random histories of one record: a few people state things, knowing more or less of what the others stated. */
import * as fc from 'fast-check';
import type { Fact, FactId, Fields } from '../../src/domain/kernel/fact.ts';

const devices = ['anna', 'bobo', 'cici'] as const;
const value = fc.oneof(fc.constantFrom('a', 'b'), fc.constant(null), fc.constant(7), fc.constant(['x', 'y']));

const step = fc.record({
  device: fc.nat(devices.length - 1),
  at: fc.integer({ min: 0, max: 12 }),
  set: fc.record({ name: value, place: value, note: value, deleted: fc.boolean() }, { requiredKeys: [] }),
  /** Which other devices this one hears from before it states. */
  hears: fc.subarray([0, 1, 2]),
});

/** Facts in the order they were stated; a device always knows its own. */
export const history: fc.Arbitrary<Fact[]> = fc.array(step, { minLength: 1, maxLength: 14 }).map((steps) => {
  const known: Set<FactId>[] = devices.map(() => new Set());
  const facts = new Map<FactId, Fact>();
  const counters = devices.map(() => 0);
  for (const { device, at, set, hears } of steps) {
    const own = known[device] as Set<FactId>;
    for (const other of hears) for (const id of known[other] ?? []) own.add(id);
    const superseded = new Set([...own].flatMap((id) => facts.get(id)?.base ?? []));
    const base = [...own].filter((id) => !superseded.has(id)).sort();
    const name = devices[device] ?? 'anna';
    const id = `${name}-${(counters[device] as number).toString(36)}`;
    counters[device] = (counters[device] as number) + 1;
    facts.set(id, { id, record: 'par_x', kind: 'partner', base, set: set as Fields, by: `per_${name}`, at });
    own.add(id);
  }
  return [...facts.values()];
});

export const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...items], { minLength: items.length });
