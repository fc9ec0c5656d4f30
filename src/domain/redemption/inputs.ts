/** What a counter and the office enter about points being spent. */
import * as v from 'valibot';
import { count, day, recordRef, volunteerNumber } from '../kernel/fields.ts';
import { refInput } from '../kernel/edit.ts';
import { clearable, filledName, typedLine, typedNote } from '../kernel/inputs.ts';
import { photoNames } from '../photos/photo.ts';
import { grantPattern } from './ids.ts';

const grant = v.pipe(v.string(), v.regex(grantPattern));
const points = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000));
const quantity = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000));

/** Pieces of a reward, or points without one, for a shop that sells by its own price tags. */
const handedOut = { grant, volunteer: volunteerNumber, points, reward: v.optional(recordRef('rwd')), quantity: v.optional(quantity) };

export const redeemPointsInput = v.strictObject(handedOut);
export type RedeemPoints = v.InferOutput<typeof redeemPointsInput>;
export const requestPointsInput = redeemPointsInput;
export type RequestPoints = RedeemPoints;

export const cancelRedemptionInput = v.strictObject({ claim: refInput });
export type CancelRedemption = v.InferOutput<typeof cancelRedemptionInput>;

export const giveBackGrantInput = v.strictObject({ grant });
export type GiveBackGrant = v.InferOutput<typeof giveBackGrantInput>;

export const settleCaseInput = v.strictObject({ verdict: refInput, decision: v.picklist(['honour', 'void']), note: clearable(typedNote) });
export type SettleCase = v.InferOutput<typeof settleCaseInput>;

export const writeOffGrantInput = v.strictObject({ grant, note: clearable(typedNote) });
export type WriteOffGrant = v.InferOutput<typeof writeOffGrantInput>;

const rewardFields = {
  partner: clearable(recordRef('par')), stock: clearable(count), stockOn: clearable(day), from: clearable(day), until: clearable(day),
  photos: clearable(photoNames), note: clearable(typedLine),
};
export const addRewardInput = v.strictObject({ name: filledName, points, ...rewardFields });
export type AddReward = v.InferOutput<typeof addRewardInput>;
export const reviseRewardInput = v.strictObject({ ref: refInput, name: v.optional(filledName), points: v.optional(points), ...rewardFields });
export type ReviseReward = v.InferOutput<typeof reviseRewardInput>;
