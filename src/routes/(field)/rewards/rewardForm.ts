/** What is typed into a reward's form, as a draft that can be kept, and as the input of a command. */
import type { AddReward } from '$domain/redemption/inputs.ts';
import type { RewardFields } from '$domain/redemption/schema.ts';
import { rewardWords as words } from '$lib/i18n/words/rewards.ts';

/** A type alias, not an interface: only an alias counts as a plain value that a draft may hold. */
export type RewardForm = {
  name: string;
  points: number | null;
  where: 'anywhere' | 'partner';
  partner: string;
  from: string;
  until: string;
  stock: number | null;
  photos: string[];
  note: string;
};

export const emptyForm = (): RewardForm => ({ name: '', points: null, where: 'anywhere', partner: '', from: '', until: '', stock: null, photos: [], note: '' });

export const formOf = ({ name, points, partner, from, until, stock, photos, note }: RewardFields): RewardForm => ({
  name, points, where: partner === undefined ? 'anywhere' : 'partner', partner: partner ?? '', from: from ?? '', until: until ?? '', stock: stock ?? null,
  photos: [...(photos ?? [])], note: note ?? '',
});

export type Gaps = Readonly<Partial<Record<keyof RewardForm, string>>>;

/** PN8: what a reward cannot do without. */
export function gapsOf({ name, points, where, partner, from, until }: RewardForm): Gaps {
  return {
    ...(name.trim() === '' && { name: words.needName }),
    ...((points ?? 0) < 1 && { points: words.needPoints }),
    ...(where === 'partner' && partner === '' && { partner: words.needPartner }),
    ...(from !== '' && until !== '' && until < from && { until: words.endsEarly }),
  };
}

/** The names of the fields in which two forms differ. */
export const changedIn = (before: RewardForm, after: RewardForm): ReadonlySet<string> =>
  new Set(Object.keys(after).filter((name) => JSON.stringify(before[name as keyof RewardForm]) !== JSON.stringify(after[name as keyof RewardForm])));

const orNothing = <T>(value: T | ''): T | null => (value === '' ? null : value);

/** Everything of the form but its price and name, which have no empty value; what was emptied is cleared. */
const detailsOf = ({ where, partner, from, until, stock, photos, note }: RewardForm) =>
  ({
    partner: where === 'anywhere' ? null : orNothing(partner), from: orNothing(from), until: orNothing(until), stock, photos: photos.length === 0 ? null : [...photos], note: orNothing(note),
  }) satisfies Partial<AddReward>;

/** @param form without gaps */
export const inputOf = (form: RewardForm): AddReward => ({ name: form.name, points: form.points ?? 0, ...detailsOf(form) });

/** The part the person touched: the rest of the record may have moved on while the form was open. */
export function touchedOf(form: RewardForm, changed: ReadonlySet<string>): Partial<AddReward> {
  const of = (name: string): string => (name === 'where' ? 'partner' : name);
  const touched = new Set([...changed].map(of));
  return Object.fromEntries(Object.entries(inputOf(form)).filter(([name]) => touched.has(name)));
}
