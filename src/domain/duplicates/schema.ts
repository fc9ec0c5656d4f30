/**
 * What the office has said about two records: one record for each pair, under an id that both make alike.
 * A pair names ids and nothing else, so it keeps nothing of a person who was erased.
 */
import * as v from 'valibot';
import { recordIdPattern } from '../kernel/fact.ts';
import { code } from '../kernel/fields.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';

/** `open`: said again to be undecided. */
export const pairVerdicts = ['merged', 'different', 'open'] as const;
export type PairVerdict = (typeof pairVerdicts)[number];

const recordId = v.pipe(v.string(), v.regex(recordIdPattern));

/** DU8: whoever names two records first, it is one pair. */
export const sortedPair = (one: string, other: string): readonly [string, string] => (one < other ? [one, other] : [other, one]);
export const pairId = (one: string, other: string): string => `pai_${sortedPair(one, other).join('.')}`;
export const partnerPairId = (one: string, other: string): string => `ppr_${sortedPair(one, other).join('.')}`;

const said = { one: recordId, other: recordId, verdict: v.picklist(pairVerdicts), stays: v.optional(recordId) };

/** Of two volunteers, residents, doors or buildings of a grid. */
const pair = declareKind({
  name: 'pair', family: 'people', prefix: 'pai', fixed: ['grid', 'one', 'other'],
  entries: { grid: code, ...said },
  shard: (_id, fields) => ({ grid: String(fields['grid']) }),
  derivedId: (fields) => pairId(String(fields['one']), String(fields['other'])),
  placeOf: (_id, field) => ({ grid: field('grid') }),
});

const partnerPair = declareKind({
  name: 'partnerPair', family: 'roster', prefix: 'ppr', fixed: ['one', 'other'],
  entries: said,
  shard: () => ({}),
  derivedId: (fields) => partnerPairId(String(fields['one']), String(fields['other'])),
});

export const duplicateKinds = { pair, partnerPair };
export type PairFields = FieldsOf<typeof partnerPair.entries> & { readonly grid?: string };

/** The kinds of which two records can be one, with the kind of their pair. */
export const pairedBy = { partner: 'partnerPair', volunteer: 'pair', resident: 'pair', household: 'pair', building: 'pair' } as const;
export type PairedKind = keyof typeof pairedBy;
export const isPaired = (kind: string): kind is PairedKind => Object.hasOwn(pairedBy, kind);
