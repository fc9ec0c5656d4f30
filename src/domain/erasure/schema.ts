/**
 * ER1 Somebody asked to be forgotten (Personal Information Protection Law, article 47). The request is a fact that names a
 * number and no name; from it follow, for the rooms of the visits and of the groups, facts that the server states.
 */
import * as v from 'valibot';
import { code, day, instant, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { idTail } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { isMonth } from '../kernel/time.ts';

/** 本人要求, 已搬离, 同意到期. */
export const erasureReasons = ['asked', 'movedAway', 'consentOver'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

/** A resident may have been entered at more than one door. */
export const doorsMax = 16;

export const erasureId = (about: string): string => `era_${about}`;

const erasure = declareKind({
  name: 'erasure', family: 'people', prefix: 'era', fixed: ['grid', 'about'],
  entries: {
    grid: code,
    about: v.union([recordRef('res'), recordRef('vol')]),
    /** What was told at these doors goes with it. */
    doors: v.pipe(v.array(recordRef('hou')), v.maxLength(doorsMax)),
    why: v.picklist(erasureReasons),
    on: day,
  },
  shard: (_id, fields) => ({ grid: String(fields['grid']) }),
  derivedId: (fields) => erasureId(String(fields['about'])),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  parent: (fields) => String(fields['about']),
  holder: (fields) => String(fields['grid']),
});

export const doorErasureId = (door: string, month: string): string => `erd_${idTail(door)}.${month}`;

/** A later one says only until when. */
export const doorOfErasure = (erasure: string): string => `hou_${idTail(erasure).slice(0, idTail(erasure).lastIndexOf('.'))}`;

const doorErasure = declareKind({
  name: 'doorErasure', family: 'visits', prefix: 'erd', fixed: ['grid', 'month', 'door'],
  entries: {
    grid: code,
    month: v.pipe(v.string(), v.check(isMonth)),
    door: recordRef('hou'),
    /** What was written down before goes, epoch ms of the server's clock. */
    until: instant,
  },
  shard: (_id, fields) => ({ grid: String(fields['grid']), month: String(fields['month']) }),
  derivedId: (fields) => doorErasureId(String(fields['door']), String(fields['month'])),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  parent: (fields) => String(fields['door']),
  holder: (fields) => String(fields['grid']),
});

export const memberErasureId = (partner: string, number: string): string => `erm_${idTail(partner)}.${number}`;

const memberErasure = declareKind({
  name: 'memberErasure', family: 'members', prefix: 'erm', fixed: ['partner', 'number'],
  entries: { partner: recordRef('par'), number: volunteerNumber },
  shard: (_id, fields) => ({ partner: idTail(String(fields['partner'])) }),
  derivedId: (fields) => memberErasureId(String(fields['partner']), String(fields['number'])),
  placeOf: (_id, field) => ({ partner: field('partner') }),
  parent: (fields) => String(fields['partner']),
});

export const erasureKinds = { erasure, doorErasure, memberErasure };
export type ErasureFields = FieldsOf<typeof erasure.entries>;
