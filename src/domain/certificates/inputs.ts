/** What a supervisor certifies, and takes back. */
import * as v from 'valibot';
import { refInput } from '../kernel/edit.ts';
import { day, volunteerNumber } from '../kernel/fields.ts';
import { clearable, filledLine, filledName, typedLine } from '../kernel/inputs.ts';
import { certifiedKinds, certifiedTenths, certifiedTimes, verificationCode, withdrawalReasons } from './schema.ts';

export const issueCertificateInput = v.strictObject({
  volunteer: volunteerNumber,
  from: day,
  through: day,
  /** As `servedBetween` has counted them. */
  hoursTenths: certifiedTenths,
  times: certifiedTimes,
  services: v.pipe(certifiedKinds, v.readonly()),
  issuer: filledName,
  inCharge: filledName,
  handler: filledName,
  contact: filledLine,
  note: clearable(typedLine),
  /** By chance, which the page brings. */
  code: verificationCode,
});
export type IssueCertificate = v.InferOutput<typeof issueCertificateInput>;

export const withdrawCertificateInput = v.strictObject({ ref: refInput, why: v.picklist(withdrawalReasons) });
export type WithdrawCertificate = v.InferOutput<typeof withdrawCertificateInput>;
