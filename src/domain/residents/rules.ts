/**
 * - RS1 A resident is entered with a consent to being registered, in one step; a telephone number with one to being contacted.
 * - RS2 A consent names purpose, way, day and last day: a year from now unless said otherwise, five at most.
 * - RS3 Withdrawing counts from that day on. With the consent to being contacted the number goes; the consent stays as evidence.
 * - RS4 A tag of care stands only with a reason, and with a day to look at it again, a year from now unless said otherwise.
 * - RS5 Name and number are masked until somebody asks; who asked, for what and when is a record that nobody changes.
 */
import type { CommandError, Decision, RecordRef, Statement } from '../kernel/command.ts';
import { birth, birthOrChange, change, foundIn, type Decided } from '../kernel/decide.ts';
import type { Folded } from '../kernel/fold.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { addDays, dayOf, monthOf } from '../kernel/time.ts';
import { kinds } from '../kinds.ts';
import type { AddResident, GiveConsent, ReadMasked, ReviseResident, TagCare, WithdrawConsent } from './inputs.ts';
import { careId, consentId, readingId, type ConsentFields, type ConsentPurpose } from './schema.ts';
import { consentOn, countsOn } from './view.ts';

/** Days. */
const usualConsent = 365;
const longestConsent = 5 * 366;
const usualReview = 365;

const noConsent = (field: string): CommandError => ({ type: 'Invalid', field, why: 'no-consent' });
const badUntil: CommandError = { type: 'Invalid', field: 'until' };

/** RS2. @returns the last day, or undefined when the wanted one cannot be */
export function lastDay(wanted: string | undefined, givenOn: string): string | undefined {
  const until = wanted ?? addDays(givenOn, usualConsent);
  return until >= givenOn && until <= addDays(givenOn, longestConsent) ? until : undefined;
}

/** RS1: the resident, and what they agreed to. */
export function entered(decision: Decision, fields: Pick<AddResident, 'grid' | 'household' | 'name' | 'phone'>, purposes: readonly ConsentPurpose[], agreed: Pick<ConsentFields, 'givenOn' | 'until' | 'way'>): readonly Statement[] {
  const resident = decision.newId('res');
  const consents = [...new Set(purposes)].map((purpose) =>
    birth(decision, kinds.consent, consentId(resident, purpose, agreed.givenOn), { grid: fields.grid, resident, purpose, ...agreed }),
  );
  return [birth(decision, kinds.resident, resident, fields), ...consents];
}

const consentsOf = (decision: Decision, room: RoomAddress, resident: string): readonly ConsentFields[] =>
  decision.every(room, 'consent').map(({ fields }) => fields as unknown as ConsentFields).filter((each) => each.resident === resident);

export function decideAddResident({ purposes, way, until, ...fields }: AddResident, decision: Decision): Decided {
  const room: RoomAddress = { community: decision.actor.community, family: 'people', grid: fields.grid };
  const household = foundIn(decision, { room, record: fields.household }, 'household');
  if (!household.ok) return household;
  if (!purposes.includes('registration')) return err(noConsent('purposes'));
  if (fields.phone && !purposes.includes('contact')) return err(noConsent('phone'));
  const givenOn = dayOf(decision.now);
  const last = lastDay(until, givenOn);
  if (last === undefined) return err(badUntil);
  return ok(entered(decision, fields, purposes, { givenOn, until: last, way }));
}

export function decideReviseResident({ ref, ...wanted }: ReviseResident, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'resident');
  if (!found.ok) return found;
  if (wanted.household !== undefined) {
    const household = foundIn(decision, { room: ref.room, record: wanted.household }, 'household');
    if (!household.ok) return household;
  }
  if (wanted.phone && !consentOn(consentsOf(decision, ref.room, ref.record), 'contact', dayOf(decision.now))) return err(noConsent('phone'));
  return ok(change(ref, found.value, wanted));
}

export function decideGiveConsent({ resident, purpose, way, until }: GiveConsent, decision: Decision): Decided {
  const found = foundIn(decision, resident, 'resident');
  if (!found.ok) return found;
  const givenOn = dayOf(decision.now);
  const last = lastDay(until, givenOn);
  if (last === undefined) return err(badUntil);
  const fields = { grid: found.value.fields['grid'], resident: resident.record, purpose, givenOn, until: last, way, withdrawnOn: null };
  return ok(birthOrChange(decision, kinds.consent, consentId(resident.record, purpose, givenOn), fields));
}

/** RS3: every consent to this that counts today, whoever wrote it down. */
function withdrawn(decision: Decision, { room, record }: RecordRef, purpose: ConsentPurpose, today: string): Statement[] {
  return decision
    .every(room, 'consent')
    .filter(({ fields }) => fields['resident'] === record && fields['purpose'] === purpose && countsOn(fields as unknown as ConsentFields, today))
    .flatMap((each) => change({ room, record: each.record }, each, { withdrawnOn: today }));
}

export function decideWithdrawConsent({ resident, purpose }: WithdrawConsent, decision: Decision): Decided {
  const found = foundIn(decision, resident, 'resident');
  if (!found.ok) return found;
  const statements = withdrawn(decision, resident, purpose, dayOf(decision.now));
  const contact = purpose === 'contact' || purpose === 'registration';
  return ok([...statements, ...(contact ? change(resident, found.value, { phone: null }) : [])]);
}

export function decideTagCare({ resident, tag, reason, reviewOn }: TagCare, decision: Decision): Decided {
  const found = foundIn(decision, resident, 'resident');
  if (!found.ok) return found;
  const today = dayOf(decision.now);
  if (reviewOn !== undefined && reviewOn < today) return err({ type: 'Invalid', field: 'reviewOn' });
  const fields = { grid: found.value.fields['grid'], resident: resident.record, tag, reason, reviewOn: reviewOn ?? addDays(today, usualReview) };
  return ok(birthOrChange(decision, kinds.care, careId(resident.record, tag), fields));
}

/** Where the readings of a day stand. */
export const readingRoom = (community: string, grid: string, now: number): RoomAddress => ({ community, family: 'visits', grid, month: monthOf(now) });

const masked = (record: Folded, fields: ReadMasked['fields']) => fields.filter((field) => record.fields[field] !== undefined);

/** RS5. Looked at twice on one day it is one reading: nothing changes, and that is no refusal. */
export function decideReadMasked({ resident, fields }: ReadMasked, decision: Decision): Decided {
  const found: Result<Folded, CommandError> = foundIn(decision, resident, 'resident');
  if (!found.ok) return found;
  const { person, community } = decision.actor;
  const on = dayOf(decision.now);
  const grid = String(found.value.fields['grid']);
  const room = readingRoom(community, grid, decision.now);
  return ok(
    masked(found.value, fields)
      .map((field) => birth(decision, kinds.reading, readingId(resident.record, person, field, on), { grid, resident: resident.record, reader: person, field, on }))
      .filter(({ record }) => decision.find(room, record) === undefined),
  );
}
