/**
 * What the community has certified of a volunteer's service (志愿服务记录证明, 民发〔2015〕149号).
 *
 * - CE1 The record holds the volunteer's number and no name, and nothing of an identity card.
 * - CE2 A serial is made without a network and never twice; it says the month of issue, whose log the record stands in.
 */
import * as v from 'valibot';
import { activityKinds } from '../activity/schema.ts';
import { day, lineText, nameText, volunteerNumber } from '../kernel/fields.ts';
import type { Fields } from '../kernel/fact.ts';
import { declareKind, type FieldsOf } from '../kernel/kind.ts';

/** e.g. `SB202611-K7F2Q1AB2C`: two letters of the community, the month, the device's tag, seconds since 2026 in base 36. */
export const serialText = v.pipe(v.string(), v.regex(/^[A-Z]{2}20\d{2}(0[1-9]|1[0-2])-[A-Z0-9]{5,15}$/));
export const monthOfSerial = (serial: string): string => `${serial.slice(2, 6)}-${serial.slice(6, 8)}`;

/** CE4 Crockford's base 32, five bits of chance a letter: 80 in all, so that nobody finds one by trying. */
export const verificationLetters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const verificationLength = 16;
export const verificationCode = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{16}$/));

/** 开错了, 重复开具, 本人要求. */
export const withdrawalReasons = ['mistake', 'duplicate', 'asked'] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

export const certificateId = (serial: string): string => `cer_${serial}`;

export const certifiedTenths = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000_000));
export const certifiedTimes = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100_000));
export const certifiedKinds = v.pipe(v.array(v.picklist(activityKinds)), v.minLength(1), v.maxLength(activityKinds.length));

const certificate = declareKind({
  name: 'certificate', family: 'log', prefix: 'cer',
  fixed: ['serial', 'code', 'volunteer', 'from', 'through', 'hoursTenths', 'times', 'services', 'issuer', 'inCharge', 'handler', 'contact', 'issuedOn', 'note'],
  entries: {
    serial: serialText,
    code: verificationCode,
    volunteer: volunteerNumber,
    from: day,
    through: day,
    hoursTenths: certifiedTenths,
    /** So many activities. */
    times: certifiedTimes,
    /** What kinds of activities, most hours first. */
    services: certifiedKinds,
    /** 出具单位, 负责人, 经办人, 联系方式 of the office. */
    issuer: nameText,
    inCharge: nameText,
    handler: nameText,
    contact: lineText,
    issuedOn: day,
    note: v.optional(lineText),
    /** CE5. */
    withdrawnOn: v.optional(day),
    withdrawnWhy: v.optional(v.picklist(withdrawalReasons)),
  },
  shard: (_id, fields: Fields) => ({ month: monthOfSerial(String(fields['serial'])) }),
  derivedId: (fields) => certificateId(String(fields['serial'])),
  holder: (fields) => String(fields['volunteer']),
  names: (fields) => [String(fields['serial'])],
});

export const certificateKinds = { certificate };
export type CertificateFields = FieldsOf<typeof certificate.entries>;
