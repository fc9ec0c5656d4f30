/** What the registry keeps on disk, by key. Halves and hashes stand here and in no answer. */
import * as v from 'valibot';
import { minuteMs } from '../../src/domain/kernel/time.ts';
import { auditEntrySchema, deviceSchema, invitationSchema, newPinMinutes, publicKeySchema, reviewEntrySchema, type Person } from '../../src/protocol/identity.ts';

const half = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const communitySchema = v.object({ slug: v.string(), name: v.string(), district: v.string() });
export type Community = v.InferOutput<typeof communitySchema>;

const { tag, tablet, label, person, state, digits, joinedAt, endedAt, wipedAt } = deviceSchema.entries;

/** IE7: who said that a PIN may be set, until when, and which attempt has the recovery half already. */
const newPinSchema = v.object({ by: v.string(), until: v.number(), attempt: v.exactOptional(v.string()) });
export type NewPin = v.InferOutput<typeof newPinSchema>;
export const newPinFrom = (by: string, now: number): NewPin => ({ by, until: now + newPinMinutes * minuteMs });

export const deviceRecordSchema = v.object({
  tag, tablet, label, person, state, digits, joinedAt, endedAt, wipedAt,
  newPin: v.exactOptional(newPinSchema),
  /** IE11: it joined again; who sat there before, and may be somebody else. */
  earlier: v.exactOptional(v.string()),
  community: v.string(),
  /** IE10: the device's own, and the one behind its PIN once it has told. */
  key: publicKeySchema,
  seatKey: v.exactOptional(publicKeySchema),
  /** The code's hash it came in with: asked again, it is answered again. */
  codeHash: half,
  /** What opens the tablet together with its PIN, and the same for a forgotten PIN. */
  half,
  recoveryHalf: half,
});
export type DeviceRecord = v.InferOutput<typeof deviceRecordSchema>;

export const invitationRecordSchema = v.object({
  ...invitationSchema.entries,
  community: v.string(),
  codeHash: half,
  /** A community's first: whoever comes with it says their name. */
  isFirst: v.exactOptional(v.literal(true)),
  /** The community whose supervisor opened this one with it. */
  from: v.exactOptional(v.string()),
});
export type InvitationRecord = v.InferOutput<typeof invitationRecordSchema>;

/** Of a fact that was decided on only the decision is kept. */
export const reviewRecordSchema = v.variant('decision', [
  v.object({ decision: v.literal('open'), community: v.string(), ...reviewEntrySchema.entries }),
  v.object({ decision: v.picklist(['take', 'drop']), fact: v.string() }),
]);
export type ReviewRecord = v.InferOutput<typeof reviewRecordSchema>;
export type OpenReview = Extract<ReviewRecord, { decision: 'open' }>;

export const contactSchema = v.object({
  lastContactAt: v.number(),
  unsent: deviceSchema.entries.unsent,
  rooms: v.array(v.tuple([v.string(), v.number()])),
});
export type StoredContact = v.InferOutput<typeof contactSchema>;

export const auditRecordSchema = v.object({ ...auditEntrySchema.entries, community: v.string(), hash: half });
export type AuditRecord = v.InferOutput<typeof auditRecordSchema>;
export const auditHeadSchema = v.object({ seq: v.number(), hash: half });

/** A person sits in one community at a time; the seats one left stay where they were. */
export const seatKey = ({ community, id }: Pick<Person, 'community' | 'id'>): string => `${community}/${id}`;

export const prefixes = {
  communities: 'identity/community/',
  people: 'identity/person/',
  devices: 'identity/device/',
  invitations: 'identity/invitation/',
  review: 'identity/review/',
  contacts: 'identity/contact/',
  audit: 'identity/audit/',
} as const;
export const auditHeadKey = 'identity/audit-head';

export const parseStored = <T>(schema: v.GenericSchema<unknown, T>, value: string): T => v.parse(v.pipe(v.string(), v.parseJson(), schema), value);
