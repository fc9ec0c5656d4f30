/**
 * Where people live and who volunteers. Names stand in these rooms only; everywhere else a person is a number.
 * VS2 No identity-card number, religion, ethnicity or health field exists to be filled in.
 */
import * as v from 'valibot';
import { code, count, day, lineText, nameText, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { idTail } from '../kernel/ids.ts';

const ofGrid = (_id: string, field: (name: string) => unknown) => ({ grid: field('grid') });

const inGrid = (_id: string, fields: { readonly [name: string]: unknown }) => ({ grid: String(fields['grid']) });

const building = declareKind({
  name: 'building', family: 'people', prefix: 'bld', fixed: ['grid'],
  entries: { grid: code, name: nameText, courtyard: v.optional(nameText), rank: v.optional(count) },
  shard: inGrid,
  placeOf: ofGrid,
  order: (fields) => -Number(fields['rank'] ?? 0),
  parent: (fields) => String(fields['grid']),
  names: (fields) => [String(fields['name'])],
});

export const unitNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(99));
export const floorNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(-3), v.maxValue(120));

const household = declareKind({
  name: 'household', family: 'people', prefix: 'hou', fixed: ['grid'],
  entries: {
    grid: code,
    building: recordRef('bld'),
    unit: unitNumber,
    floor: floorNumber,
    door: nameText,
    heads: v.optional(count),
    /** What the next caller should know, e.g. "ring twice"; nothing about health or faith. */
    hint: v.optional(lineText),
  },
  shard: inGrid,
  placeOf: ofGrid,
  /** Walking order: building by building is the screen's work, here unit, floor, door. */
  order: (fields) => -(Number(fields['unit']) * 1_000_000 + (Number(fields['floor']) + 10) * 1_000 + (Number.parseInt(String(fields['door']), 10) || 0) % 1_000),
  parent: (fields) => String(fields['building']),
  holder: (fields) => String(fields['grid']),
  names: (fields) => [String(fields['door'])],
  personal: { about: (record) => record, fields: ['hint'], untilThen: true },
});

/** Whether this may be the number on somebody's card. */
export const isVolunteerNumber = (text: string): boolean => v.is(volunteerNumber, text);
export const volunteerId = (number: string): string => `vol_${number}`;

const volunteer = declareKind({
  name: 'volunteer', family: 'people', prefix: 'vol', fixed: ['grid', 'number'],
  entries: {
    grid: code,
    number: volunteerNumber,
    name: nameText,
    /** Skills a person offers, in their own words. */
    skills: v.optional(v.pipe(v.array(lineText), v.maxLength(12))),
    joinedOn: v.optional(day),
  },
  shard: inGrid,
  derivedId: (fields) => volunteerId(String(fields['number'])),
  placeOf: ofGrid,
  parent: (fields) => String(fields['grid']),
  names: (fields) => [String(fields['name']), String(fields['number'])],
  // Hours and points stay, under the number.
  personal: { about: (record) => record, fields: ['name', 'skills'], instead: { name: 'number' } },
});

export const memberId = (partner: string, number: string): string => `mem_${idTail(partner)}.${number}`;

/** A group's own list: volunteer number and the name its leader calls them by. */
const member = declareKind({
  name: 'member', family: 'members', prefix: 'mem', fixed: ['partner', 'number'],
  entries: { partner: recordRef('par'), number: volunteerNumber, name: nameText, joinedOn: v.optional(day) },
  shard: (_id, fields) => ({ partner: idTail(String(fields['partner'])) }),
  derivedId: (fields) => memberId(String(fields['partner']), String(fields['number'])),
  placeOf: (_id, field) => ({ partner: field('partner') }),
  parent: (fields) => String(fields['partner']),
  names: (fields) => [String(fields['name']), String(fields['number'])],
  personal: { about: (_id, field) => volunteerId(String(field('number'))), fields: ['name'], instead: { name: 'number' } },
});

export const peopleKinds = { building, household, volunteer, member };
export type BuildingFields = FieldsOf<typeof building.entries>;
export type HouseholdFields = FieldsOf<typeof household.entries>;
export type VolunteerFields = FieldsOf<typeof volunteer.entries>;
export type MemberFields = FieldsOf<typeof member.entries>;
