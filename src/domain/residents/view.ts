/** What stands of a resident's consents on a day, and how a name and a number look to who has not asked to see them. */
import type { ConsentFields, ConsentPurpose } from './schema.ts';
import { consentPurposes } from './schema.ts';

export type ConsentState = 'given' | 'expired' | 'withdrawn' | 'none';

export interface Standing {
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState;
  /** The consent that says so: the one that counts longest, else the last one given. */
  readonly consent: ConsentFields | undefined;
}

/** RS2: from the day it was given to its last day, both included, unless withdrawn. */
export const countsOn = ({ givenOn, until, withdrawnOn }: ConsentFields, today: string): boolean =>
  givenOn <= today && today <= until && (withdrawnOn === undefined || today < withdrawnOn);

const stateOf = (consent: ConsentFields | undefined, today: string): ConsentState => {
  if (!consent) return 'none';
  if (countsOn(consent, today)) return 'given';
  return consent.withdrawnOn !== undefined && consent.withdrawnOn <= today ? 'withdrawn' : 'expired';
};

const later = (a: ConsentFields, b: ConsentFields): number => (a.givenOn < b.givenOn ? 1 : a.givenOn > b.givenOn ? -1 : a.until < b.until ? 1 : a.until > b.until ? -1 : 0);

function standingOf(purpose: ConsentPurpose, consents: readonly ConsentFields[], today: string): Standing {
  const own = consents.filter((each) => each.purpose === purpose && each.givenOn <= today);
  const consent = own.filter((each) => countsOn(each, today)).sort((a, b) => (a.until < b.until ? 1 : -1))[0] ?? own.toSorted(later)[0];
  return { purpose, state: stateOf(consent, today), consent };
}

/** RS2. One line a purpose, in the order a person is asked. */
export const standings = (consents: readonly ConsentFields[], today: string): readonly Standing[] =>
  consentPurposes.map((purpose) => standingOf(purpose, consents, today));

export const consentOn = (consents: readonly ConsentFields[], purpose: ConsentPurpose, today: string): boolean =>
  consents.some((each) => each.purpose === purpose && countsOn(each, today));

/** RS6: withdrawn or run out, nothing is lawful to keep: this person waits to be erased, or to be asked again. */
export const keptWithoutConsent = (consents: readonly ConsentFields[], today: string): boolean => !consentOn(consents, 'registration', today);

/** RS5. `张桂芳` → `张**`, `欧阳娜` → `欧**`: the length of a name says nothing. */
export function maskName(name: string): string {
  const [first = ''] = name;
  return `${first}**`;
}

/** RS5. `13812345678` → `138****5678`; shorter numbers show their last two digits. */
export const maskPhone = (phone: string): string => (phone.length >= 11 ? `${phone.slice(0, phone.length - 8)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`);
