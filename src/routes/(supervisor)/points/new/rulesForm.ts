/** The form of new rows, as typed, and what it becomes. */
import type { ServiceClass } from '$domain/activity/schema.ts';
import { isDay } from '$domain/kernel/time.ts';
import { presets, type PresetName } from '$domain/points/presets.ts';
import type { PointsRuleFields } from '$domain/points/schema.ts';

export interface RuleForm {
  /** Tells rows apart on the screen. */
  readonly key: number;
  serviceClass: ServiceClass | undefined;
  pointsPerHour: number | undefined;
  coefficientTenths: number | undefined;
  activityCap: number | undefined;
  dayCap: number | undefined;
  monthCap: number | undefined;
}

/** For how long points last is said once, for every rule of the form. */
export const lastings = ['forGood', '12', '24', '36', '48', '60'] as const;
export type Lasts = (typeof lastings)[number];

let made = 0;
export function emptyRule(serviceClass?: ServiceClass): RuleForm {
  made += 1;
  return { key: made, serviceClass, pointsPerHour: undefined, coefficientTenths: undefined, activityCap: undefined, dayCap: undefined, monthCap: undefined };
}

export const presetRules = (name: PresetName): RuleForm[] => presets[name].map((row) => ({ ...emptyRule(), ...row }));

/** The rows, once everything that has to be there is. */
export function rowsOf(rules: readonly RuleForm[], validFrom: string, lasts: Lasts, note: string): readonly PointsRuleFields[] | undefined {
  if (!isDay(validFrom) || rules.length === 0) return undefined;
  const rows: PointsRuleFields[] = [];
  for (const { key: _key, serviceClass, pointsPerHour, coefficientTenths, activityCap, dayCap, monthCap } of rules) {
    if (serviceClass === undefined || pointsPerHour === undefined || rules.filter((rule) => rule.serviceClass === serviceClass).length > 1) return undefined;
    rows.push({
      serviceClass, pointsPerHour, validFrom,
      ...(coefficientTenths !== undefined && coefficientTenths !== 10 && { coefficientTenths }),
      ...(activityCap !== undefined && { activityCap }),
      ...(dayCap !== undefined && { dayCap }),
      ...(monthCap !== undefined && { monthCap }),
      ...(lasts !== 'forGood' && { lastMonths: Number(lasts) }),
      ...(note.trim() !== '' && { note: note.trim() }),
    });
  }
  return rows;
}
