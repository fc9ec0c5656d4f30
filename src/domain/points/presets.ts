/**
 * RT4 Tables that other places have published, to begin with: one tap fills the form, nothing of it is in force before
 * somebody has looked at it and saved it.
 */
import type { ServiceClass } from '../activity/schema.ts';

export interface PresetRow {
  readonly serviceClass: ServiceClass;
  readonly pointsPerHour: number;
  readonly coefficientTenths?: number;
  readonly activityCap?: number;
}

/** What earns points. */
const served = ['general', 'skilled', 'care', 'urgent'] as const satisfies readonly ServiceClass[];

export const presetNames = ['kunshan', 'hailin', 'suzhou'] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, readonly PresetRow[]>> = {
  /** 昆山：每小时 10 分。 */
  kunshan: served.map((serviceClass) => ({ serviceClass, pointsPerHour: 10 })),
  /** 海林：1 小时 1 分，每次活动最多按 2 小时计。 */
  hailin: served.map((serviceClass) => ({ serviceClass, pointsPerHour: 1, activityCap: 2 })),
  /** 苏州 DB3205/T 1001-2020：类别 × 系数 × 时长。 The standard's method; its coefficients are each community's to set. */
  suzhou: [
    { serviceClass: 'general', pointsPerHour: 10 },
    { serviceClass: 'skilled', pointsPerHour: 10, coefficientTenths: 15 },
    { serviceClass: 'care', pointsPerHour: 10, coefficientTenths: 12 },
    { serviceClass: 'urgent', pointsPerHour: 10, coefficientTenths: 20 },
  ],
};
