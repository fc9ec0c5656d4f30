/** VS1, thin: one visit is one fact about one door. */
import * as v from 'valibot';
import { code, day, instant, noteText, recordRef } from '../kernel/fields.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';
import { idTimeMs } from '../kernel/ids.ts';
import { monthOf } from '../kernel/time.ts';
import { photoNames } from '../photos/photo.ts';

/** 见到, 未遇, 不便. */
export const visitOutcomes = ['met', 'notHome', 'declined'] as const;
export type VisitOutcome = (typeof visitOutcomes)[number];

const visit = declareKind({
  name: 'visit', family: 'visits', prefix: 'vis', fixed: ['grid', 'household'],
  entries: {
    grid: code,
    household: recordRef('hou'),
    visitedAt: instant,
    outcome: v.picklist(visitOutcomes),
    note: v.optional(noteText),
    nextOn: v.optional(day),
    photos: v.optional(photoNames),
  },
  // The month it was written down in: a visit remembered weeks later must not reopen a closed month.
  shard: (id, fields) => ({ grid: String(fields['grid']), month: monthOf(idTimeMs(id)) }),
  placeOf: (_id, field) => ({ grid: field('grid') }),
  order: (fields) => Number(fields['visitedAt']),
  parent: (fields) => String(fields['household']),
  holder: (fields) => String(fields['grid']),
  personal: { about: (_id, field) => String(field('household')), fields: ['note', 'photos'], untilThen: true },
  tallies: (fields) => [
    { key: 'visits', amount: 1 },
    { key: `visits:${String(fields['outcome'])}`, amount: 1 },
    { key: `visits:grid:${String(fields['grid'])}`, amount: 1 },
  ],
  latest: (fields) => ({
    key: String(fields['household']),
    order: Number(fields['visitedAt']),
    keep: { visitedAt: fields['visitedAt'] ?? 0, outcome: fields['outcome'] ?? '', nextOn: fields['nextOn'] ?? null },
  }),
});

export const visitKinds = { visit };
export type VisitFields = FieldsOf<typeof visit.entries>;
