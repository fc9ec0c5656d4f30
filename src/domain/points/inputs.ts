/** What a supervisor enters as a new row of the points table. */
import * as v from 'valibot';
import { serviceClasses } from '../activity/schema.ts';
import { count, day } from '../kernel/fields.ts';
import { clearable, typedLine } from '../kernel/inputs.ts';
import { coefficientTenths, lastMonths, pointsPerHour } from './schema.ts';

export const addPointsRuleInput = v.strictObject({
  serviceClass: v.picklist(serviceClasses),
  pointsPerHour,
  coefficientTenths: clearable(coefficientTenths),
  activityCap: clearable(count),
  dayCap: clearable(count),
  monthCap: clearable(count),
  lastMonths: clearable(lastMonths),
  validFrom: day,
  note: clearable(typedLine),
});
export type AddPointsRule = v.InferOutput<typeof addPointsRuleInput>;
