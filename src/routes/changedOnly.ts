/**
 * What a person really changed in a form. Saying again what was already there would settle, unseen, what two people disagree
 * on: a field that was left alone is not restated.
 */
import { sameValue } from '$domain/kernel/fold.ts';
import type { Value } from '$domain/kernel/fact.ts';

type Values = Readonly<Record<string, Value | undefined>>;

/** @param wanted null empties a field, undefined leaves it alone */
export function changedOnly<Wanted extends Values>(before: Values, wanted: Wanted): Partial<Wanted> {
  const changed = Object.entries(wanted).filter(([name, value]) => value !== undefined && !sameValue(before[name] ?? null, value));
  return Object.fromEntries(changed) as Partial<Wanted>;
}
