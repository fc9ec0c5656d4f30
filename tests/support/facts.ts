/** Facts made by hand, for tests of what is derived from them. */
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';

export const aFact = (id: string, set: Fields, base: readonly string[] = [], more: Partial<Fact> = {}): Fact => ({
  id, record: 'par_x', kind: 'partner', base, set, by: `per_${id.slice(0, 4)}`, at: 1_000, ...more,
});
