/**
 * Identity over HTTP, JSON: who works on which tablet. Without demo mode only; in demo mode these paths are 404.
 *
 * An enrolled *device* is one person's seat on one tablet: it has a tag, a key and databases of its own. Several of them on
 * one tablet share the `tablet` id, so that a lost tablet is found whole.
 *
 * Tablet
 * POST /api/join        JoinRequest   → JoinAnswer     shows a code once; 403 `code` when it is unknown, used or too old; 422
 *                                                      `name` when whoever comes with it has to say theirs
 * POST /api/join/state  KeyProof      → JoinState      has a supervisor confirmed the six digits?
 * GET  /api/challenge                 → Challenge      to be signed within a minute, once
 * POST /api/check-in    KeyProof      → CheckedIn      what a locked tablet gets: the half that a PIN opens it with, or its end
 * POST /api/seat-key    SeatKeyProof  → {}             makes known the key behind the PIN; 409 when another one is known
 * POST /api/tickets     KeyProof      → TicketGrant    403 Refused when this device or person may not work any more
 * POST /api/handover    Handover      → HandoverAnswer what a device that may not work any more still holds, for review
 * POST /api/recovery    KeyProof      → Recovery       403 unless a new PIN may be set: after joining, or once a supervisor
 *                                                      has allowed it, for `newPinMinutes` and to one `attempt`; {} with `done`
 * POST /api/wiped       KeyProof      → {}             a device that had to be wiped has been
 *
 * Supervisor, with a ticket as bearer
 * GET  /api/admin                     → Registry
 * POST /api/admin       AdminAct      → ActAnswer      422 ActRefused when it cannot be done
 * GET  /api/admin/audit               → AuditEntry[]   newest first
 * GET  /api/admin/review              → ReviewEntry[]  oldest first
 *
 * A proof is a signature over the text `proofText(purpose, nonce, device)`: ECDSA P-256 with SHA-256, as r‖s in base64url. The
 * device's own key makes it; for tickets and handover the seat's key does, which only an opened seat can use, as soon as the
 * server knows one.
 */
import * as v from 'valibot';
import { roles } from '../domain/kernel/actor.ts';
import { code, nameText } from '../domain/kernel/fields.ts';
import { deviceTagPattern, ticketGrantSchema } from './api.ts';
import { publicKeySchema, type PublicKey } from './files.ts';

export { publicKeySchema, type PublicKey };

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const tag = v.pipe(v.string(), v.regex(deviceTagPattern));
const instant = v.pipe(v.number(), v.safeInteger());
const codes = v.pipe(v.array(text(32)), v.maxLength(64));
const base64url = (max: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(max));
/** Beijing day, `YYYY-MM-DD`. */
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));

/** Roles that work in one community; a district reads summaries and has no tablet yet. */
export const communityRoles = roles.filter((role) => role !== 'district');

/** Crockford's base 32 without I, L, O, U: 12 letters are 60 bits. Shown in groups of four. */
export const codeLength = 12;
export const codePattern = /^[0-9A-HJKMNP-TV-Z]{12}$/;
/** What a person typed, as a code: capitals, no dashes or spaces, and the letters that look like digits as those. */
export const normalCode = (typed: string): string =>
  typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');

/** As it is shown to others: clean, and with something in it. */
export const shownName = v.pipe(nameText, v.trim(), v.minLength(1), v.maxLength(64));

export const joinRequestSchema = v.strictObject({
  code: v.pipe(v.string(), v.regex(codePattern)),
  device: tag,
  /** Random, made once per tablet: 16 letters of [a-z0-9]. */
  tablet: v.pipe(v.string(), v.regex(/^[a-z0-9]{16}$/)),
  /** What the tablet calls itself, e.g. `Chromium · Android`. */
  label: text(80),
  key: publicKeySchema,
  /** Who sat here before: a seat that a restored server has forgotten joins again, with the tag and the key it has. */
  earlier: v.optional(text(64)),
  /** A community's first supervisor was invited by nobody who knows their name. */
  name: v.optional(shownName),
});
export type JoinRequest = v.InferOutput<typeof joinRequestSchema>;

const seatOfPerson = {
  person: text(64),
  name: text(64),
  role: v.picklist(roles),
  community: text(64),
  communityName: text(64),
  grids: codes,
  partners: codes,
};

export const joinAnswerSchema = v.object({ ...seatOfPerson, /** False: a supervisor must compare the six digits first. */ confirmed: v.boolean() });
export type JoinAnswer = v.InferOutput<typeof joinAnswerSchema>;

export const joinStateSchema = v.object({ state: v.picklist(['waiting', 'confirmed', 'refused']) });
export type JoinState = v.InferOutput<typeof joinStateSchema>;

export const challengeSchema = v.object({ nonce: text(200) });
export type Challenge = v.InferOutput<typeof challengeSchema>;

export const proofPurposes = ['join', 'check-in', 'seat-key', 'ticket', 'handover', 'recovery', 'wiped'] as const;
export type ProofPurpose = (typeof proofPurposes)[number];
export const proofText = (purpose: ProofPurpose, nonce: string, device: string): string => `linhuo:v1:${purpose}\n${nonce}\n${device}`;

const proof = { device: tag, nonce: text(200), signature: base64url(128) };
/** What a tablet tells of itself with each ticket: facts that are only on it. */
const unsent = v.strictObject({ saved: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), refused: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
/** The last two with the purpose `recovery` alone: the same attempt is answered again, and `done` says that the PIN is set. */
export const keyProofSchema = v.strictObject({ ...proof, unsent: v.optional(unsent), attempt: v.optional(text(32)), done: v.optional(v.literal(true)) });
export type KeyProof = v.InferOutput<typeof keyProofSchema>;

/** Both keys sign this, so that neither is tied to a seat without the other. */
export const seatKeyText = (nonce: string, device: string, { x, y }: PublicKey): string => `${proofText('seat-key', nonce, device)}\n${x}\n${y}`;
export const seatKeyProofSchema = v.strictObject({ ...proof, key: publicKeySchema, seatSignature: base64url(128) });
export type SeatKeyProof = v.InferOutput<typeof seatKeyProofSchema>;

export const checkedInSchema = v.object({ serverNow: instant, unlock: ticketGrantSchema.entries.unlock.wrapped });
export type CheckedIn = v.InferOutput<typeof checkedInSchema>;

/**
 * `revoked`: hand over what is held. `wipe`: then delete everything. `unknown`: the server has no such device. `locked`: the
 * device's key alone has signed what only the opened seat may ask for.
 */
export const refusedSchema = v.object({ error: v.picklist(['revoked', 'wipe', 'unknown', 'unproved', 'locked']) });
export type Refused = v.InferOutput<typeof refusedSchema>;

const handedFact = v.strictObject({ room: text(120), id: text(40), json: text(70_000) });
export const handoverMaxFacts = 200;
export const handoverSchema = v.strictObject({ ...proof, facts: v.pipe(v.array(handedFact), v.minLength(1), v.maxLength(handoverMaxFacts)) });
export type Handover = v.InferOutput<typeof handoverSchema>;
/** Ids that are on the server's disk now, for review. */
export const handoverAnswerSchema = v.object({ kept: v.array(v.string()) });
export type HandoverAnswer = v.InferOutput<typeof handoverAnswerSchema>;

/** So long after joining, and after a supervisor has allowed it, a PIN may be set; once. */
export const newPinMinutes = 60;
/** Opens the second copy of the data key, hex. */
export const recoverySchema = v.object({ half: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) });
export type Recovery = v.InferOutput<typeof recoverySchema>;

/** Somebody else's grid, from one Beijing day through another. */
export const substitutionSchema = v.strictObject({ grid: text(32), from: day, through: day });
export type Substitution = v.InferOutput<typeof substitutionSchema>;

export const personSchema = v.object({
  id: text(64),
  community: text(64),
  name: text(64),
  role: v.picklist(roles),
  grids: codes,
  partners: codes,
  substitutions: v.array(substitutionSchema),
  active: v.boolean(),
  since: instant,
});
export type Person = v.InferOutput<typeof personSchema>;

export const deviceSchema = v.object({
  tag,
  tablet: text(16),
  label: text(80),
  person: text(64),
  state: v.picklist(['waiting', 'active', 'revoked', 'lost', 'refused']),
  /** Six digits to compare, while it waits. */
  digits: v.exactOptional(text(6)),
  joinedAt: instant,
  lastContactAt: instant,
  unsent: v.object({ saved: v.number(), refused: v.number() }),
  /** When it was revoked or declared lost, and when the tablet said that it had wiped itself. */
  endedAt: v.exactOptional(instant),
  wipedAt: v.exactOptional(instant),
  /** A new PIN may be set until then; absent when none may. */
  newPinUntil: v.exactOptional(instant),
  /** Rooms it has opened or fetched, with the last time: what a lost tablet held. */
  rooms: v.array(v.object({ room: text(120), at: instant })),
});
export type Device = v.InferOutput<typeof deviceSchema>;

export const invitationSchema = v.object({
  id: text(32),
  person: text(64),
  createdBy: text(64),
  createdAt: instant,
  expiresAt: instant,
  state: v.picklist(['open', 'used', 'cancelled']),
});
export type Invitation = v.InferOutput<typeof invitationSchema>;

export const registrySchema = v.object({
  community: v.object({ slug: text(64), name: text(64) }),
  /** People of this community, also those who left. */
  people: v.array(personSchema),
  devices: v.array(deviceSchema),
  invitations: v.array(invitationSchema),
  /** How many facts wait for review. */
  toReview: v.number(),
  /** Communities of this server. */
  communities: v.array(v.object({ slug: text(64), name: text(64), /** Opened from here, and nobody has joined yet: how long the code that was last made is good. */ openUntil: v.exactOptional(instant) })),
});
export type Registry = v.InferOutput<typeof registrySchema>;

const reason = text(200);
const rights = { role: v.picklist(communityRoles), grids: codes, partners: codes };
export const adminActSchema = v.variant('act', [
  /** A new person, or with `person` another tablet for a known one. */
  v.strictObject({ act: v.literal('invite'), name: text(64), ...rights }),
  v.strictObject({ act: v.literal('inviteAgain'), person: text(64) }),
  v.strictObject({ act: v.literal('cancelInvitation'), invitation: text(32) }),
  /** The six digits on both screens are the same; or they are not. */
  v.strictObject({ act: v.literal('confirm'), device: tag }),
  v.strictObject({ act: v.literal('refuse'), device: tag }),
  v.strictObject({ act: v.literal('changePerson'), person: text(64), name: text(64), ...rights, reason }),
  v.strictObject({ act: v.literal('movePerson'), person: text(64), community: text(64), ...rights, reason }),
  v.strictObject({ act: v.literal('endPerson'), person: text(64), reason }),
  v.strictObject({ act: v.literal('substitute'), person: text(64), ...substitutionSchema.entries }),
  v.strictObject({ act: v.literal('endSubstitution'), person: text(64), grid: text(32) }),
  v.strictObject({ act: v.literal('revokeDevice'), device: tag, reason }),
  /** Every device of this tablet; they are wiped at their next contact. */
  v.strictObject({ act: v.literal('lostTablet'), tablet: text(16), reason }),
  v.strictObject({ act: v.literal('allowNewPin'), device: tag }),
  /** A new community, or while nobody has joined the one that was opened from here, its invitation anew. */
  v.strictObject({ act: v.literal('openCommunity'), slug: code, name: shownName }),
  v.strictObject({ act: v.literal('review'), fact: text(40), decision: v.picklist(['take', 'drop']), reason }),
]);
export type AdminAct = v.InferOutput<typeof adminActSchema>;

/** `code` only for an invitation: it is shown once and stored as a hash. */
export const actAnswerSchema = v.object({
  ok: v.literal(true),
  code: v.exactOptional(v.string()),
  invitation: v.exactOptional(v.string()),
  person: v.exactOptional(v.string()),
  expiresAt: v.exactOptional(instant),
});
export type ActAnswer = v.InferOutput<typeof actAnswerSchema>;

/** Why an act was not done. `last-supervisor`: nobody could undo it. `base-missing`: an earlier fact must be taken first. `too-many`: enough for a day. */
export const actRefusals = ['unknown', 'not-now', 'last-supervisor', 'yourself', 'bad-grid', 'bad-days', 'base-missing', 'not-allowed', 'taken', 'too-many'] as const;
export const actRefusedSchema = v.object({ error: v.picklist(actRefusals) });
export type ActRefusal = (typeof actRefusals)[number];

export const auditEntrySchema = v.object({
  seq: v.number(),
  at: instant,
  /** The person, or `operator` for the command line, or `device:<tag>` for what a tablet did. */
  by: text(80),
  act: text(40),
  /** What it was done to: a person, a device, an invitation, a fact. */
  on: v.string(),
  detail: v.record(v.string(), v.unknown()),
});
export type AuditEntry = v.InferOutput<typeof auditEntrySchema>;

export const reviewEntrySchema = v.object({
  fact: text(40),
  room: text(120),
  json: v.string(),
  device: tag,
  person: text(64),
  receivedAt: instant,
  /** When the device or person was ended: a fact stated later than that was stated without a right to. */
  endedAt: instant,
});
export type ReviewEntry = v.InferOutput<typeof reviewEntrySchema>;

export const auditSchema = v.array(auditEntrySchema);
export const reviewSchema = v.array(reviewEntrySchema);

/**
 * Six digits that differ between tablet and server when another tablet used the code: by chance they are the same once in a
 * million. Whoever can read and change the connection itself could look for a key that fits; that is TLS's to prevent.
 */
export async function comparisonDigits(code: string, { x, y }: PublicKey): Promise<string> {
  const bytes = new TextEncoder().encode(`linhuo:v1:join\n${code}\n${x}\n${y}`);
  const hash = new DataView(await crypto.subtle.digest('SHA-256', bytes));
  return String(hash.getUint32(0) % 1_000_000).padStart(6, '0');
}
