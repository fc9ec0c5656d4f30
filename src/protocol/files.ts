/** What a ticket brings for bundle files (bundle.ts): who this tablet is in the eyes of other tablets, and what its files are sealed with. */
import * as v from 'valibot';

const base64url = (max: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(max));
const hexKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** The public half of a key that signs, uncompressed coordinates of P-256 in base64url. */
export const publicKeySchema = v.strictObject({ x: base64url(64), y: base64url(64) });
export type PublicKey = v.InferOutput<typeof publicKeySchema>;

export const signedSchema = v.strictObject({ text: v.pipe(v.string(), v.minLength(1), v.maxLength(8_192)), signature: base64url(128) });
export type Signed = v.InferOutput<typeof signedSchema>;

export const filesGrantSchema = v.object({
  /** The server's word for this device and the key behind its PIN. */
  certificate: signedSchema,
  /** The public half of what the server signs certificates with. */
  serverKey: publicKeySchema,
  /** Scope → key, for the rooms this person may see. */
  keys: v.record(v.pipe(v.string(), v.maxLength(160)), hexKey),
  /** In demo mode the server makes the tablet's key as well, because nobody has joined: the private half, as of a JWK. */
  signer: v.exactOptional(base64url(64)),
});
export type FilesGrant = v.InferOutput<typeof filesGrantSchema>;
