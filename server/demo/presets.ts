/** Points rules the demo starts with. Presets for show, within what other districts publish (10 points an hour is usual). */
import type { ServiceClass } from '../../src/domain/activity/schema.ts';
import type { Fields } from '../../src/domain/kernel/fact.ts';
import type { Period } from './period.ts';

const caps = { activityCap: 60, dayCap: 80, monthCap: 400 };
const note = '演示预设，非官方标准';

const rule = (serviceClass: ServiceClass, pointsPerHour: number, validFrom: string): Fields => ({ serviceClass, pointsPerHour, ...caps, validFrom, note });

/** Last year's table and this year's change: skilled and care work earn more since January 1. */
export const pointsPresets = ({ lastNewYear, newYear }: Pick<Period, 'lastNewYear' | 'newYear'>): Fields[] => [
  rule('general', 10, lastNewYear),
  rule('skilled', 12, lastNewYear),
  rule('care', 10, lastNewYear),
  rule('urgent', 20, lastNewYear),
  rule('skilled', 15, newYear),
  rule('care', 12, newYear),
];
