/**
 * What anybody may ask who holds a certificate in their hands, without a seat.
 *
 * POST /api/verify  VerifyRequest → Verified   429 when asked too often
 *
 * Serial and code stand in the body, so that no address and no access log names them. A serial without its code is answered as
 * one that does not exist.
 */
import * as v from 'valibot';
import { certifiedKinds, serialText, verificationCode } from '../domain/certificates/schema.ts';

export const verifyRequestSchema = v.strictObject({ serial: serialText, code: verificationCode });
export type VerifyRequest = v.InferOutput<typeof verifyRequestSchema>;

const text = v.string();

export const verifiedSchema = v.variant('state', [
  v.object({ state: v.literal('unknown') }),
  v.object({ state: v.literal('withdrawn'), serial: serialText, issuer: text, issuedOn: text, withdrawnOn: text }),
  /** As it stands on the paper; who it is about only as their number. */
  v.object({
    state: v.literal('valid'),
    serial: serialText,
    volunteer: text,
    from: text,
    through: text,
    hoursTenths: v.number(),
    times: v.number(),
    services: certifiedKinds,
    issuer: text,
    issuedOn: text,
    /** Generated people and hours: it certifies nothing. */
    demonstration: v.boolean(),
  }),
]);
export type Verified = v.InferOutput<typeof verifiedSchema>;

/** The page that the QR code on the paper opens; what stands after the # is sent to no server. */
export const verifyPath = (serial: string, code: string): string => `/verify/${serial}#${code}`;
