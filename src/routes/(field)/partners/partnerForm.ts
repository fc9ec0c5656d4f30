/** What is typed into a partner's form, as a draft that can be kept, and as the input of a command. */
import type { AddPartner } from '$domain/roster/inputs.ts';
import type { PartnerFields } from '$domain/roster/schema.ts';

type Choice<Name extends keyof PartnerFields> = NonNullable<PartnerFields[Name]> | '';

/** A type alias, not an interface: only an alias counts as a plain value that a draft may hold. */
export type PartnerForm = {
  name: string;
  type: Choice<'type'>;
  legalForm: Choice<'legalForm'>;
  stage: NonNullable<PartnerFields['stage']>;
  mode: Choice<'mode'>;
  resources: NonNullable<PartnerFields['resources']>;
  roles: NonNullable<PartnerFields['roles']>;
  services: string[];
  aliases: string[];
  place: string;
  sinceOn: string;
  fundInFen: number | null;
  fundInFrequency: Choice<'fundInFrequency'>;
  activityQuota: number | null;
  activityQuotaPer: Choice<'activityQuotaPer'>;
  consideration: string;
  note: string;
};

export const emptyForm = (): PartnerForm => ({
  name: '', type: '', legalForm: '', stage: 'active', mode: '', resources: [], roles: [], services: [], aliases: [], place: '', sinceOn: '',
  fundInFen: null, fundInFrequency: '', activityQuota: null, activityQuotaPer: '', consideration: '', note: '',
});

export const formOf = (fields: PartnerFields): PartnerForm => ({
  ...emptyForm(),
  ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value])),
});

const orNothing = <T>(value: T | ''): T | null => (value === '' ? null : value);
const someOf = <T>(values: readonly T[]): T[] | null => (values.length === 0 ? null : [...values]);

/** The fields a group keeps on its own page. */
export const ownPageOf = (form: PartnerForm) => ({
  resources: someOf(form.resources), services: someOf(form.services), place: orNothing(form.place), note: orNothing(form.note),
});

/** Everything but name, type, form and stage; what was emptied is cleared. An amount says how often, a number of activities in which period. */
export const detailsOf = (form: PartnerForm) =>
  ({
    ...ownPageOf(form),
    mode: orNothing(form.mode),
    roles: someOf(form.roles),
    aliases: someOf(form.aliases),
    sinceOn: orNothing(form.sinceOn),
    fundInFen: form.fundInFen,
    fundInFrequency: form.fundInFen === null ? null : form.fundInFrequency || 'one_off',
    activityQuota: form.activityQuota,
    activityQuotaPer: form.activityQuota === null ? null : form.activityQuotaPer || 'month',
    consideration: orNothing(form.consideration),
  }) satisfies Partial<AddPartner>;

/** The names of the fields in which two forms differ. */
export const changedIn = (before: PartnerForm, after: PartnerForm): Set<string> =>
  new Set(Object.keys(after).filter((name) => JSON.stringify(before[name as keyof PartnerForm]) !== JSON.stringify(after[name as keyof PartnerForm])));

const pairs: Readonly<Record<string, string>> = { fundInFrequency: 'fundInFen', activityQuotaPer: 'activityQuota' };

/** The part of a command's input that the person touched; an amount and its rhythm go together. */
export const touchedOf = <Input extends object>(input: Input, changed: ReadonlySet<string>): Partial<Input> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => changed.has(name) || changed.has(pairs[name] ?? ''))) as Partial<Input>;
