/** Who serves a community, with what, where and by which rules. Everybody of the community reads it; it names no resident. */
import * as v from 'valibot';
import { roles } from '../kernel/actor.ts';
import { amountFen, code, count, day, lineText, nameText, noteText, recordRef } from '../kernel/fields.ts';
import { idTail } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';

/** PT1 商企, 社群, 个体. */
export const partnerTypes = ['business', 'community_group', 'individual'] as const;
export type PartnerType = (typeof partnerTypes)[number];
export const legalForms = ['person', 'family', 'organisation'] as const;
/** How a partner and a community work together, named as in the glossary. */
export const cooperationModes = ['governmentProject', 'spaceForResources', 'marketCooperation', 'complementaryInterest', 'donationInLieuOfRent'] as const;
/** 资金 人力 物力 场所 信息数据. */
export const resourceKinds = ['money', 'people', 'goods', 'place', 'data'] as const;
export const partnerRoles = ['provider', 'supporter', 'collaborator'] as const;
/** From a first talk to leaving. */
export const partnerStages = ['prospect', 'applied', 'admitted', 'active', 'warned', 'suspended', 'exited'] as const;
export const frequencies = ['one_off', 'weekly', 'monthly', 'quarterly', 'yearly'] as const;
export const quotaPeriods = ['week', 'month', 'quarter', 'year'] as const;

const community = declareKind({
  name: 'community', family: 'roster', prefix: 'com', fixed: [],
  entries: {
    name: nameText,
    district: nameText,
    subDistrict: v.optional(nameText),
    residents: v.optional(count),
  },
  shard: () => ({}),
  names: (fields) => [String(fields['name'])],
});

const grid = declareKind({
  name: 'grid', family: 'roster', prefix: 'grd', fixed: ['code'],
  entries: { code, name: nameText, residents: v.optional(count), rank: v.optional(count) },
  shard: () => ({}),
  derivedId: (fields) => `grd_${String(fields['code'])}`,
  order: (fields) => -Number(fields['rank'] ?? 0),
  names: (fields) => [String(fields['name'])],
});

/** A person who works with Linhuo: the name behind every "who" on the screens. */
const staff = declareKind({
  name: 'staff', family: 'roster', prefix: 'per', fixed: [],
  entries: {
    name: nameText,
    role: v.picklist(roles),
    grids: v.pipe(v.array(code), v.maxLength(64)),
    partners: v.pipe(v.array(recordRef('par')), v.maxLength(64)),
  },
  shard: () => ({}),
  names: (fields) => [String(fields['name'])],
});

const partnerEntries = {
  name: nameText,
  aliases: v.optional(v.pipe(v.array(nameText), v.maxLength(12))),
  /** The type at birth; later types are conversions (PT2), so that history keeps its answer. */
  type: v.picklist(partnerTypes),
  legalForm: v.picklist(legalForms),
  stage: v.picklist(partnerStages),
  mode: v.optional(v.picklist(cooperationModes)),
  resources: v.optional(v.pipe(v.array(v.picklist(resourceKinds)), v.maxLength(5))),
  roles: v.optional(v.pipe(v.array(v.picklist(partnerRoles)), v.maxLength(3))),
  services: v.optional(v.pipe(v.array(lineText), v.maxLength(24))),
  place: v.optional(lineText),
  sinceOn: v.optional(day),
  /** What the partner promised to give, until contracts hold it. */
  fundInFen: v.optional(amountFen),
  fundInFrequency: v.optional(v.picklist(frequencies)),
  activityQuota: v.optional(count),
  activityQuotaPer: v.optional(v.picklist(quotaPeriods)),
  consideration: v.optional(lineText),
  /** True where the source leaves the fact open and we inferred it. */
  inferred: v.optional(v.boolean()),
  note: v.optional(noteText),
};

/** The fields a group keeps on its own page; everything else about a partner is the supervisor's to state. */
export const ownPage: ReadonlySet<string> = new Set(['services', 'place', 'note', 'resources']);

const partner = declareKind({
  name: 'partner', family: 'roster', prefix: 'par', fixed: ['type'],
  entries: partnerEntries,
  shard: () => ({}),
  placeOf: (record) => ({ partner: record }),
  names: (fields) => [String(fields['name']), ...((fields['aliases'] as readonly string[] | undefined) ?? [])],
});

export const conversionId = (partner: string, on: string): string => `cvn_${idTail(partner)}.${on}`;

/**
 * PT2: a dated event on the same identity, so "what was it on that day" has an answer. One record per partner and day:
 * two people who convert a partner apart to different types meet in one record, and the clash is listed.
 */
const conversion = declareKind({
  name: 'conversion', family: 'roster', prefix: 'cvn', fixed: ['partner', 'on'],
  entries: {
    partner: recordRef('par'),
    to: v.picklist(partnerTypes),
    on: day,
    legalForm: v.optional(v.picklist(legalForms)),
    reason: v.optional(lineText),
  },
  shard: () => ({}),
  derivedId: (fields) => conversionId(String(fields['partner']), String(fields['on'])),
  parent: (fields) => String(fields['partner']),
});

const space = declareKind({
  name: 'space', family: 'roster', prefix: 'spa', fixed: [],
  entries: {
    name: nameText,
    owner: v.optional(nameText),
    operator: v.optional(recordRef('par')),
    terms: v.optional(noteText),
    capacity: v.optional(count),
  },
  shard: () => ({}),
  names: (fields) => [String(fields['name'])],
});

export const rosterKinds = { community, grid, staff, partner, conversion, space };
export type PartnerFields = FieldsOf<typeof partner.entries>;
export type ConversionFields = FieldsOf<typeof conversion.entries>;
export type StaffFields = FieldsOf<typeof staff.entries>;
export type GridFields = FieldsOf<typeof grid.entries>;
export type SpaceFields = FieldsOf<typeof space.entries>;
