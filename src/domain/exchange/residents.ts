/**
 * Residents of a grid, each behind a door that is here already. Known by door and name; of somebody who is here a file changes the
 * telephone number alone: what they agree to from now on is asked at the door.
 *
 * - IM10 A resident is imported with a consent to being registered that counts today, in one step (RS1, RS2), a telephone number with
 *   one to being contacted; a door that is not here is named, and no file brings back what was withdrawn (RS3).
 */
import * as v from 'valibot';
import type { Decision } from '../kernel/command.ts';
import { given } from '../kernel/edit.ts';
import { code, day } from '../kernel/fields.ts';
import type { Fields } from '../kernel/fact.ts';
import type { Folded } from '../kernel/fold.ts';
import { filledName, typedName } from '../kernel/inputs.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { textMax } from '../kernel/text.ts';
import { dayOf } from '../kernel/time.ts';
import { peopleRoom } from '../people/rules.ts';
import { unitNumber } from '../people/schema.ts';
import { plainPhone } from '../residents/inputs.ts';
import { entered, lastDay } from '../residents/rules.ts';
import { consentPurposes, consentWays, phoneNumber, type ConsentFields } from '../residents/schema.ts';
import { consentOn } from '../residents/view.ts';
import { choiceCell, dayCell, folded, textCell } from './cells.ts';
import { agreedWords, consentWayWords } from './choices.ts';
import type { CellReader, Column, Fault, ImportList, Placed, Reading, TypedRow } from './column.ts';
import { addressColumn, buildingColumn, courtyardColumn, doorColumn, doorIdentity, gridColumn, placeOf, placeRequired, placesOf, unitColumn } from './places.ts';

const phoneCell: CellReader = (text) => {
  const plain = plainPhone(text.normalize('NFKC'));
  return v.is(phoneNumber, plain) ? ok(plain) : err('not-a-phone-number');
};

const agreedCell = choiceCell(agreedWords);
/** A column for each purpose, named as the purpose is. */
const purposeColumns: readonly Column[] = [
  { field: 'registration', zh: '同意登记', en: 'Agreed to being registered', aliases: ['登记同意', '同意登记在册'], read: agreedCell },
  { field: 'contact', zh: '同意联系', en: 'Agreed to being contacted', aliases: ['联系同意', '同意电话联系'], read: agreedCell },
  { field: 'referral', zh: '同意转介', en: 'Agreed to referral', aliases: ['转介同意', '同意转介给合伙人'], read: agreedCell },
  { field: 'photo', zh: '同意拍照', en: 'Agreed to photos', aliases: ['拍照同意'], read: agreedCell },
];

const agreed = v.optional(v.picklist(['yes', 'no']));
const row = v.strictObject({
  grid: code,
  courtyard: v.optional(typedName),
  building: filledName,
  unit: unitNumber,
  door: filledName,
  name: filledName,
  phone: v.optional(phoneNumber),
  registration: v.literal('yes'),
  contact: agreed,
  referral: agreed,
  photo: agreed,
  givenOn: day,
  way: v.picklist(consentWays),
  until: v.optional(day),
});
type Row = v.InferOutput<typeof row>;

function finish(fields: Fields, reading: Reading): Result<Fields, Fault> {
  if (fields['registration'] !== 'yes') return err({ why: 'no-consent', field: 'registration' });
  const missing = ['name', 'givenOn', 'way'].find((field) => fields[field] === undefined);
  return missing === undefined ? placeOf(fields, reading) : err({ why: 'missing', field: missing });
}

/** RS1, RS2. @returns why what the row says was agreed to does not count today */
function uncounted({ givenOn, until }: Row, last: string | undefined, today: string): Fault | undefined {
  if (givenOn > today) return { why: 'out-of-range', field: 'givenOn' };
  if (last === undefined) return { why: 'out-of-range', field: 'until' };
  return last < today ? { why: 'no-consent', field: until === undefined ? 'givenOn' : 'until' } : undefined;
}

const livesAt = (household: unknown, name: unknown): string => `${String(household)}|${folded(String(name))}`;

/** Who lives in a grid and what they agreed to; each grid is looked through once. */
function peopleBehindDoors(decision: Decision) {
  const known = new Map<string, { readonly residents: ReadonlyMap<string, readonly Folded[]>; readonly consents: ReadonlyMap<unknown, readonly Folded[]> }>();
  return (grid: string) => {
    const there = known.get(grid);
    if (there) return there;
    const room = peopleRoom(decision.actor.community, grid);
    const made = {
      residents: Map.groupBy(decision.every(room, 'resident'), ({ fields }) => livesAt(fields['household'], fields['name'])),
      consents: Map.groupBy(decision.every(room, 'consent'), ({ fields }) => fields['resident']),
    };
    known.set(grid, made);
    return made;
  };
}

function placingResidents(decision: Decision) {
  const places = placesOf(decision);
  const people = peopleBehindDoors(decision);
  const today = dayOf(decision.now);

  function doorOf({ grid, courtyard, building, unit, door }: Row): Result<string, Fault> {
    const { buildings, doors } = places(grid);
    const found = buildings.find(courtyard, building);
    if (!found.ok) return found;
    if (!found.value) return err({ why: 'no-door', field: 'building' });
    const [one, ...more] = doors.get(doorIdentity(found.value.id, unit, door)) ?? [];
    if (more.length > 0) return err({ why: 'several', field: 'door' });
    return one ? ok(one.record) : err({ why: 'no-door', field: 'door' });
  }

  /** RS1. Of somebody who is here, what stands here counts and not what a file says. */
  function phoneLacks({ grid, phone, contact }: Row, known: Folded | undefined): Fault | undefined {
    if (phone === undefined || (contact === 'yes' && (!known || known.fields['phone'] === phone))) return undefined;
    const consents = (known ? (people(grid).consents.get(known.record) ?? []) : []).map(({ fields }) => fields as unknown as ConsentFields);
    return contact === 'yes' && consentOn(consents, 'contact', today) ? undefined : { why: 'no-consent', field: 'phone' };
  }

  return ({ fields }: TypedRow): Result<Placed, Fault> => {
    const said = fields as unknown as Row;
    const { grid, name, phone, givenOn, until, way } = said;
    const door = doorOf(said);
    if (!door.ok) return door;
    const household = door.value;
    const identity = livesAt(household, name);
    const [known, ...namesakes] = people(grid).residents.get(identity) ?? [];
    if (namesakes.length > 0) return err({ why: 'several', field: 'name' });
    const last = lastDay(until, givenOn);
    const lacks = phoneLacks(said, known) ?? (known ? undefined : uncounted(said, last, today));
    return ok({
      identity,
      ...(lacks ? { lacks } : {}),
      ...(known ? { known: { room: peopleRoom(decision.actor.community, grid), record: known } } : {}),
      wanted: given(known ? { phone } : { name, phone }),
      born: () => entered(decision, { grid, household, name, phone }, consentPurposes.filter((purpose) => said[purpose] === 'yes'), { givenOn, until: last ?? givenOn, way }),
    });
  };
}

export const residentList: ImportList = {
  kind: 'resident',
  of: 'grid',
  columns: [
    gridColumn,
    courtyardColumn,
    buildingColumn,
    unitColumn,
    doorColumn,
    addressColumn,
    { field: 'name', zh: '姓名', en: 'Name', aliases: ['名字', '居民', '居民姓名'], read: textCell(textMax.name) },
    { field: 'phone', zh: '电话', en: 'Telephone', aliases: ['联系电话', '电话号码', '手机', '手机号', '联系方式'], read: phoneCell },
    ...purposeColumns,
    { field: 'givenOn', zh: '同意日期', en: 'Agreed on', aliases: ['同意时间', '登记同意日期'], read: dayCell },
    { field: 'way', zh: '同意方式', en: 'Agreed how', aliases: ['怎么同意的'], read: choiceCell(consentWayWords) },
    { field: 'until', zh: '同意到期', en: 'Agreed until', aliases: ['到期', '到期日期', '同意到期日期', '同意有效期至'], read: dayCell },
  ],
  required: placeRequired,
  finish,
  row: row as unknown as ImportList['row'],
  placing: placingResidents,
};
