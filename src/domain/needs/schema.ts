/**
 * ND1 A need told at a door has two sides: what was said, in the words and with the door of who said it, in the rooms of the
 * visits; and its public face, which names no person and no door, in the log, for everybody who may help.
 */
import * as v from 'valibot';
import { code, day, instant, lineText, noteText, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { idTail, idTimeMs } from '../kernel/ids.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { monthOf } from '../kernel/time.ts';

/** 修理, 陪伴照料, 出行跑腿, 学习辅导, 文体活动, 环境卫生, 邻里调解, 物资, 就业, 其他. */
export const needCategories = ['repair', 'care', 'errand', 'learning', 'culture', 'environment', 'mediation', 'goods', 'work', 'other'] as const;
export type NeedCategory = (typeof needCategories)[number];
/** ND1, in their order; `withdrawn` ends it from anywhere before `confirmed`. */
export const needStages = ['open', 'matched', 'inService', 'done', 'confirmed', 'withdrawn'] as const;
export type NeedStage = (typeof needStages)[number];
/** What the resident says when asked: 满意, 一般, 不满意. */
export const needAnswers = ['satisfied', 'partly', 'notSatisfied'] as const;
/** The instant each stage was reached. */
export const stageTimes = { open: 'openedAt', matched: 'matchedAt', inService: 'startedAt', done: 'doneAt', confirmed: 'confirmedAt', withdrawn: 'withdrawnAt' } as const satisfies Record<NeedStage, string>;
/** ND4 What a group says of a need that it serves, and in whose name. */
export const servedFields: ReadonlySet<string> = new Set(['partner', 'stage', stageTimes.inService, stageTimes.done]);

const monthOfId = (id: string): string => monthOf(idTimeMs(id));

const need = declareKind({
  name: 'need', family: 'log', prefix: 'nee', fixed: ['grid'],
  entries: {
    grid: code,
    category: v.picklist(needCategories),
    /** One line that everybody may read. */
    title: lineText,
    stage: v.picklist(needStages),
    wishedOn: v.optional(day),
    partner: v.optional(recordRef('par')),
    volunteer: v.optional(volunteerNumber),
    answer: v.optional(v.picklist(needAnswers)),
    /** Why it was withdrawn, or went back a step. */
    reason: v.optional(lineText),
    openedAt: instant,
    matchedAt: v.optional(instant),
    startedAt: v.optional(instant),
    doneAt: v.optional(instant),
    confirmedAt: v.optional(instant),
    withdrawnAt: v.optional(instant),
  },
  shard: (id) => ({ month: monthOfId(id) }),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  inNameOf: 'partner',
  order: (fields) => Number(fields['openedAt']),
  parent: (fields) => String(fields['partner'] ?? ''),
  holder: (fields) => String(fields['grid']),
  names: (fields) => [String(fields['title'])],
  tallies: (fields) => [{ key: `needs:${String(fields['stage'])}`, amount: 1 }],
});

/** The told side of a need has its id in its own. */
export const toldId = (need: string): string => `ntd_${idTail(need)}`;
export const needOfTold = (told: string): string => `nee_${idTail(told)}`;

const told = declareKind({
  name: 'needTold', family: 'visits', prefix: 'ntd', fixed: ['grid', 'household'],
  entries: { grid: code, household: recordRef('hou'), resident: v.optional(recordRef('res')), words: v.optional(noteText) },
  shard: (id, fields) => ({ grid: String(fields['grid']), month: monthOfId(id) }),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  parent: (fields) => String(fields['household']),
  holder: (fields) => String(fields['grid']),
  personal: { about: (_id, field) => String(field('household')), fields: ['words'], untilThen: true },
});

export const needKinds = { need, needTold: told };
export type NeedFields = FieldsOf<typeof need.entries>;
export type NeedToldFields = FieldsOf<typeof told.entries>;
