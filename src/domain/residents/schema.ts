/**
 * Who lives behind a door, and what they agreed to. Everything here stands in the people rooms; who looked at it stands in
 * the rooms of the visits, month by month.
 * VS2 The minimum: a name and, with a consent of its own, a telephone number. Personal Information Protection Law, articles
 * 6 (least data), 13 and 14 (consent), 15 (withdrawal), 54 (audits).
 */
import * as v from 'valibot';
import { code, day, lineText, nameText, recordRef } from '../kernel/fields.ts';
import { idTail } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { monthOf, instantOf } from '../kernel/time.ts';

/** 登记, 联系, 转介给合伙人, 拍照. */
export const consentPurposes = ['registration', 'contact', 'referral', 'photo'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];
/** 口头, 书面, 监护人代为同意. */
export const consentWays = ['spoken', 'written', 'guardian'] as const;
/** Situations that call for attention; none of them is a health record (VS2). 独居, 高龄, 留守儿童, 困难家庭, 行动不便. */
export const careTags = ['livesAlone', 'veryOld', 'childLeftBehind', 'hardship', 'hardToGetAbout'] as const;
export type CareTag = (typeof careTags)[number];
/** What stands masked until somebody asks to see it. */
export const maskedFields = ['name', 'phone'] as const;
export type MaskedField = (typeof maskedFields)[number];
export const isMasked = (field: string): boolean => (maskedFields as readonly string[]).includes(field);

export const phoneNumber = v.pipe(v.string(), v.regex(/^\+?[0-9]{5,15}$/));

const ofGrid = (_id: string, field: (name: string) => unknown) => ({ grid: field('grid') });
const inGrid = (_id: string, fields: { readonly [name: string]: unknown }) => ({ grid: String(fields['grid']) });

const resident = declareKind({
  name: 'resident', family: 'people', prefix: 'res', fixed: ['grid'],
  entries: { grid: code, household: recordRef('hou'), name: nameText, phone: v.optional(phoneNumber) },
  shard: inGrid,
  placeOf: ofGrid,
  parent: (fields) => String(fields['household']),
  holder: (fields) => String(fields['grid']),
  names: (fields) => [String(fields['name'])],
  personal: { about: (record) => record },
});

export const consentId = (resident: string, purpose: string, givenOn: string): string => `con_${idTail(resident)}.${purpose}.${givenOn}`;

const consent = declareKind({
  name: 'consent', family: 'people', prefix: 'con', fixed: ['grid', 'resident', 'purpose', 'givenOn'],
  entries: {
    grid: code,
    resident: recordRef('res'),
    purpose: v.picklist(consentPurposes),
    givenOn: day,
    /** The last day it counts. */
    until: day,
    way: v.picklist(consentWays),
    withdrawnOn: v.optional(day),
  },
  shard: inGrid,
  derivedId: (fields) => consentId(String(fields['resident']), String(fields['purpose']), String(fields['givenOn'])),
  placeOf: ofGrid,
  order: (fields) => instantOf(String(fields['givenOn'])),
  parent: (fields) => String(fields['resident']),
  holder: (fields) => String(fields['grid']),
});

export const careId = (resident: string, tag: string): string => `car_${idTail(resident)}.${tag}`;
/** From the id alone: of a record that is gone nothing else is known. */
const residentOfCare = (care: string): string => `res_${idTail(care).slice(0, idTail(care).lastIndexOf('.'))}`;

const care = declareKind({
  name: 'care', family: 'people', prefix: 'car', fixed: ['grid', 'resident', 'tag'],
  entries: { grid: code, resident: recordRef('res'), tag: v.picklist(careTags), reason: lineText, reviewOn: day },
  shard: inGrid,
  derivedId: (fields) => careId(String(fields['resident']), String(fields['tag'])),
  placeOf: ofGrid,
  parent: (fields) => String(fields['resident']),
  holder: (fields) => String(fields['grid']),
  personal: { about: residentOfCare },
});

export const readingId = (resident: string, reader: string, field: string, on: string): string => `rdg_${idTail(resident)}.${idTail(reader)}.${field}.${on}`;

/** Somebody looked at what stands masked: one record per person, field and day. */
const reading = declareKind({
  name: 'reading', family: 'visits', prefix: 'rdg', fixed: ['grid', 'resident', 'reader', 'field', 'on'],
  entries: { grid: code, resident: recordRef('res'), reader: recordRef('per'), field: v.picklist(maskedFields), on: day },
  shard: (_id, fields) => ({ grid: String(fields['grid']), month: monthOf(instantOf(String(fields['on']))) }),
  derivedId: (fields) => readingId(String(fields['resident']), String(fields['reader']), String(fields['field']), String(fields['on'])),
  placeOf: ofGrid,
  parent: (fields) => String(fields['resident']),
  holder: (fields) => String(fields['grid']),
});

export const residentKinds = { resident, consent, care, reading };
export type ResidentFields = FieldsOf<typeof resident.entries>;
export type ConsentFields = FieldsOf<typeof consent.entries>;
export type CareFields = FieldsOf<typeof care.entries>;
export type ReadingFields = FieldsOf<typeof reading.entries>;
