/** The fields of any record as a person reads them: label and value, for history, clashes and record pages. */
import type { Value } from '$domain/kernel/fact.ts';
import { dayOf, isDay } from '$domain/kernel/time.ts';
import { stageTimes } from '$domain/needs/schema.ts';
import { maskName, maskPhone } from '$domain/residents/view.ts';
import { sayCount, sayHours, sayMinor, sayMoney, sayPoints } from '$lib/format/amounts.ts';
import { sayExactTime, sayShortDate } from '$lib/format/times.ts';
import { locale } from '$lib/i18n/locale.svelte.ts';
import * as domain from '$lib/i18n/words/domain.ts';
import { fields, fieldValue } from '$lib/i18n/words/fields.ts';
import { photoWords } from '$lib/i18n/words/photos.ts';

/** Names of the records that others point to, by id. */
export type Names = ReadonlyMap<string, string>;

/** The word an area has under a key that comes from data; undefined for a key it does not know. */
export const wordIn = (area: object | undefined, key: string): string | undefined => {
  const word: unknown = area && Object.hasOwn(area, key) ? Reflect.get(area, key) : undefined;
  return typeof word === 'string' ? word : undefined;
};

export const sayFieldName = (kind: string, field: string): string => wordIn(fields, `${kind}.${field}`) ?? wordIn(fields, field) ?? field;

const wordsByField: Readonly<Record<string, object>> = {
  type: domain.partnerType, to: domain.partnerType, legalForm: domain.legalForm, stage: domain.partnerStage, mode: domain.cooperationMode,
  resources: domain.resourceKind, roles: domain.partnerRole, fundInFrequency: domain.frequency, activityQuotaPer: domain.quotaPeriod, role: domain.role,
  activityKind: domain.activityKind, feeClass: domain.feeClass, status: domain.activityStatus, serviceClass: domain.serviceClass,
  dimensions: domain.dimension, outcome: domain.visitOutcome,
  purpose: domain.consentPurpose, way: domain.consentWay, tag: domain.careTag, 'reading.field': domain.maskedField,
  verdict: domain.pairVerdict, list: domain.importedList,
  'certificate.services': domain.activityKind, withdrawnWhy: domain.withdrawalReason,
  category: domain.needCategory, 'need.stage': domain.needStage, answer: domain.needAnswer,
};

const masks: Readonly<Record<string, (value: string) => string>> = { 'resident.name': maskName, 'resident.phone': maskPhone };

/** RS5: the same, for pages that show a record to whoever opens them. */
export const sayMaskedValue = (kind: string, field: string, value: Value | undefined, names: Names, now: number): string => {
  const mask = masks[`${kind}.${field}`];
  return mask && typeof value === 'string' && value !== '' ? mask(value) : sayFieldValue(kind, field, value, names, now);
};

const sayByField: Readonly<Record<string, (value: number) => string>> = {
  fundInFen: sayMoney,
  hoursTenths: (tenths) => sayHours(tenths, locale.current),
  headCount: (count) => fieldValue.people(sayCount(count)),
  heads: (count) => fieldValue.people(sayCount(count)),
  residents: (count) => fieldValue.people(sayCount(count)),
  times: (count) => fieldValue.times(sayCount(count)),
  activityQuota: (count) => fieldValue.times(sayCount(count)),
  points: (points) => sayPoints(points, locale.current),
  pointsPerHour: (points) => fieldValue.perHour(sayPoints(points, locale.current)),
  coefficientTenths: (tenths) => `× ${sayMinor(tenths, 1)}`,
  startsAt: (at) => sayMinute(at),
  endsAt: (at) => sayMinute(at),
  visitedAt: (at) => sayMinute(at),
  ...Object.fromEntries(Object.values(stageTimes).map((name) => [name, (at: number) => sayMinute(at)])),
};

/** Exact to the minute: what two people disagree about must not both read "yesterday". */
const sayMinute = (at: number): string => sayExactTime(at, locale.current).slice(0, -3);

/** @returns '' for a field left empty */
export function sayFieldValue(kind: string, field: string, value: Value | undefined, names: Names, now: number): string {
  if (value === undefined || value === null || value === '') return '';
  // PH1: the names of photos say nothing to people.
  if (Array.isArray(value) && field === 'photos') return photoWords.count(value.length);
  if (Array.isArray(value)) return value.map((each: Value) => sayFieldValue(kind, field, each, names, now)).join(fieldValue.and);
  if (typeof value === 'boolean') return field === 'deleted' ? (value ? fieldValue.removed : fieldValue.kept) : value ? fieldValue.yes : fieldValue.no;
  if (typeof value === 'number') return sayByField[field]?.(value) ?? sayCount(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  const word = wordIn(wordsByField[`${kind}.${field}`] ?? wordsByField[field], value);
  if (word !== undefined) return word;
  if (isDay(value)) return sayShortDate(value, dayOf(now), locale.current);
  return names.get(value) ?? value;
}
