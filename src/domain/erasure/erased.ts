/**
 * What is left of a fact once somebody was erased. The server leaves the rest out of a room and its gate lets none of it in
 * again; a tablet takes it out of what it still has to send. One function for all of them, so that nobody keeps what
 * somebody else has forgotten.
 *
 * - ER2 Of a person goes what says who they are; of a door, what was told there until then. Facts keep their ids and what
 *   they are based on, so that nothing that stands on them falls and none of them can come back under its id.
 * - ER3 A record that is only about the person goes whole.
 * - ER4 Which facts are left, and what of them, depends on the set of facts only and not on the order they came in.
 */
import type { Fact, Fields } from '../kernel/fact.ts';
import type { Kind } from '../kernel/kind.ts';
import { kindNamed } from '../kinds.ts';
import { doorOfErasure, erasureKinds } from './schema.ts';

const always = Number.POSITIVE_INFINITY;

/** Id prefixes of facts that erase, for whoever has to tell before parsing. */
export const erasurePrefixes: readonly string[] = Object.values(erasureKinds).map(({ prefix }) => `${prefix}_`);
export const erases = ({ kind }: Pick<Fact, 'kind'>): boolean => Object.hasOwn(erasureKinds, kind);

/** The erasures of one room. */
export class Erasures {
  /** Person or door → what was written down until then goes. */
  readonly #untilBy = new Map<string, number>();

  get none(): boolean {
    return this.#untilBy.size === 0;
  }

  /** Facts that erase nothing are passed over. */
  note({ kind, record, set, at }: Fact): void {
    if (kind === 'erasure') {
      this.#put(set['about'], always);
      for (const door of Array.isArray(set['doors']) ? set['doors'] : []) this.#put(door, at);
    } else if (kind === 'doorErasure') this.#put(doorOfErasure(record), Number(set['until']));
    else if (kind === 'memberErasure') this.#put(`vol_${String(set['number'])}`, always);
  }

  #put(about: unknown, until: number): void {
    const id = String(about);
    this.#untilBy.set(id, Math.max(until, this.#untilBy.get(id) ?? 0));
  }

  /**
   * @param born fixed fields of the record, where the fact does not say them
   * @returns the very fact if nothing of it goes, undefined if all of it does (ER3)
   */
  remainder(fact: Fact, born: Fields | undefined): Fact | undefined {
    if (this.none) return fact;
    const kind = kindNamed(fact.kind);
    const { personal } = kind ?? {};
    if (!kind || !personal) return fact;
    const field = (name: string): unknown => fact.set[name] ?? born?.[name];
    const until = this.#untilBy.get(personal.about(fact.record, field));
    if (until === undefined || (personal.untilThen && fact.at > until)) return fact;
    return personal.fields ? without(fact, kind, field) : undefined;
  }
}

function without(fact: Fact, { personal }: Kind, field: (name: string) => unknown): Fact {
  const { fields = [], instead = {} } = personal ?? {};
  const standing = (name: string): unknown => (instead[name] === undefined ? undefined : field(instead[name]));
  if (fields.every((name) => !(name in fact.set) || fact.set[name] === standing(name))) return fact;
  const kept = Object.entries(fact.set).flatMap(([name, value]): (readonly [string, unknown])[] => {
    if (!fields.includes(name)) return [[name, value]];
    const other = standing(name);
    return other === undefined ? [] : [[name, other]];
  });
  return { ...fact, set: Object.fromEntries(kept) as Fields };
}
