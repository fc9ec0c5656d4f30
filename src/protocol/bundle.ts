/**
 * Bundle files: what one tablet stated and nobody has confirmed, signed and sealed, for any carrier.
 *
 * A file is JSON, `{"format","version","bundles":[{"body","signature"},…]}`. A body is JSON text too and is signed as it stands,
 * so that there is one way to read what was signed. It names its author by a certificate, the server's word for which device,
 * person and rights belong to the key that signed; a tablet learns the server's own key with each ticket, and so checks both
 * without a network. What rooms hold is sealed for who may see them, AES-GCM under a key of their own.
 *
 * POST /api/bundles  the text of a file with one bundle → BundleAnswer  (a ticket as bearer, whoever carries it)
 *
 * - BF2 A file that was changed, cut, comes from elsewhere or from a newer version is refused whole and named so.
 * - BF3 A room's part opens with that room's key alone. Keys are told with tickets, for rooms that one may see.
 */
import * as v from 'valibot';
import { accessTo } from '../domain/access.ts';
import { isSupervisor, roles, type Actor } from '../domain/kernel/actor.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { roomFamilies, shardOf, type RoomAddress } from '../domain/kernel/room.ts';
import { latestInstant } from '../domain/kernel/fact.ts';
import { refusalReasons } from './closeReasons.ts';
import { deviceTagPattern } from './api.ts';
import { publicKeySchema, signedSchema, type FilesGrant, type PublicKey } from './files.ts';
import { parseRoomName } from './roomName.ts';
import type { Cell, Run } from './updateCodec.ts';

export const bundleFormat = 'linhuo-bundle';
export const bundleVersion = 1;
/** One bundle travels to the server in one request, over lines of any kind; what a tablet holds becomes several. */
export const bundleMaxBytes = 1_048_576;
export const bundleFileMaxBytes = 16 * 1_048_576;
export const bundlesMax = 256;

/**
 * `not-a-bundle`: another file. `damaged`: cut off, or not as it was written. `tampered`: not what its author signed. `foreign`:
 * its author is not vouched for by this server. `community`: of another community. `newer`: written by a later version.
 */
export const bundleFaults = ['not-a-bundle', 'damaged', 'tampered', 'foreign', 'community', 'newer', 'too-large'] as const;
export type BundleFault = (typeof bundleFaults)[number];

const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(latestInstant));

/** What the server vouches for. */
export const certificateSchema = v.strictObject({
  actor: v.strictObject({
    person: text(64), role: v.picklist(roles), community: text(64), grids: v.array(text(32)), partners: v.array(text(64)), device: v.pipe(v.string(), v.regex(deviceTagPattern)),
  }),
  key: publicKeySchema,
  issuedAt: instant,
});
export type Certificate = v.InferOutput<typeof certificateSchema>;

const bodySchema = v.strictObject({
  version: v.literal(bundleVersion),
  createdAt: instant,
  certificate: signedSchema,
  rooms: v.pipe(
    v.array(v.strictObject({ room: v.pipe(v.string(), v.maxLength(160), v.check((name) => parseRoomName(name) !== undefined)), facts: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), sealed: text(2 * bundleMaxBytes) })),
    v.minLength(1), v.maxLength(1_000),
  ),
});
export type BundleBody = v.InferOutput<typeof bodySchema>;

const fileSchema = v.strictObject({
  format: v.literal(bundleFormat), version: v.literal(bundleVersion),
  bundles: v.pipe(v.array(v.strictObject({ body: text(2 * bundleMaxBytes), signature: text(128) })), v.minLength(1), v.maxLength(bundlesMax)),
});
/** As it travels: kept as it came, handed on as it came. */
export type Bundle = v.InferOutput<typeof fileSchema>['bundles'][number];

export interface ReadBundle {
  readonly bundle: Bundle;
  readonly body: BundleBody;
  readonly certificate: Certificate;
}

const parse = <T>(schema: v.GenericSchema<unknown, T>, json: string): T | undefined => {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), json);
  return parsed.success ? parsed.output : undefined;
};

export const writeBundleFile = (bundles: readonly Bundle[]): string => JSON.stringify({ format: bundleFormat, version: bundleVersion, bundles });
export const writeBody = (body: Omit<BundleBody, 'version'>): string => JSON.stringify({ version: bundleVersion, ...body });

/** BF2. Shape alone; who signed is asked of `isVouchedFor`. */
export function readBundleFile(content: string): Result<readonly ReadBundle[], BundleFault> {
  if (content.length > bundleFileMaxBytes) return err('too-large');
  const outer = parse(v.looseObject({ format: v.literal(bundleFormat), version: v.number() }), content);
  if (!outer) return err(content.startsWith(`{"format":"${bundleFormat}"`) ? 'damaged' : 'not-a-bundle');
  if (outer.version > bundleVersion) return err('newer');
  const file = parse(fileSchema, content);
  if (!file) return err('damaged');
  const read: ReadBundle[] = [];
  for (const bundle of file.bundles) {
    const body = parse(bodySchema, bundle.body);
    const certificate = body && parse(certificateSchema, body.certificate.text);
    if (!certificate) return err('damaged');
    read.push({ bundle, body, certificate });
  }
  return ok(read);
}

const utf8 = (plain: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(plain);
const sliceLength = 32_768;

export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += sliceLength) binary += String.fromCharCode(...bytes.subarray(start, start + sliceLength));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns undefined for what is not written as `toBase64url` writes it: of two spellings of the same bytes one was changed */
export function fromBase64url(written: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(written) || written.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(written.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return toBase64url(bytes) === written ? bytes : undefined;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;

async function isSigned(signed: string, signature: string, { x, y }: PublicKey): Promise<boolean> {
  const bytes = fromBase64url(signature);
  if (!bytes) return false;
  try {
    const key = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, curve, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, utf8(signed));
  } catch {
    // Coordinates that are no point of the curve are nobody's key.
    return false;
  }
}

/** What is signed says what it is for: a signature given for something else is none here. */
export const certificateText = (certificate: string): string => `linhuo:v1:certificate\n${certificate}`;
export const bundleText = (body: string): string => `linhuo:v1:bundle\n${body}`;

export const writeCertificate = (certificate: Certificate): string => JSON.stringify(certificate);

/** BF2. @returns what is wrong with it, in the eyes of whoever trusts this key of a server */
export async function signatureFault({ bundle, body, certificate }: ReadBundle, serverKey: PublicKey): Promise<'foreign' | 'tampered' | undefined> {
  if (!(await isSigned(certificateText(body.certificate.text), body.certificate.signature, serverKey))) return 'foreign';
  return (await isSigned(bundleText(bundle.body), bundle.signature, certificate.key)) ? undefined : 'tampered';
}

/** BF3: a family's key opens all its rooms; the key of a grid or a partner is made from it. */
const shardOfRoom = (room: RoomAddress): string => room.grid ?? room.partner ?? '';
const familyScope = (room: Pick<RoomAddress, 'community' | 'family'>): string => `${room.community}/${room.family}`;
const scopeOf = (room: RoomAddress): string => [familyScope(room), ...(shardOfRoom(room) === '' ? [] : [shardOfRoom(room)])].join('/');
export const familyText = (room: Pick<RoomAddress, 'community' | 'family'>): string => `linhuo:v1:family\n${familyScope(room)}`;
export const shardText = (shard: string): string => `linhuo:v1:shard\n${shard}`;

/** @param hmac of the server's secret, and of what came of it; both as hex */
export function keysFor(actor: Actor, hmac: (key: string | undefined, of: string) => string): FilesGrant['keys'] {
  const keys: Record<string, string> = {};
  for (const family of roomFamilies) {
    // Nobody but the server states anything there.
    if (family === 'ledger') continue;
    const whole = { community: actor.community, family };
    const familyKey = hmac(undefined, familyText(whole));
    const [part] = shardOf[family].filter((each) => each !== 'month');
    const own: readonly RoomAddress[] = part === 'grid' ? actor.grids.map((grid) => ({ ...whole, grid })) : actor.partners.map((partner) => ({ ...whole, partner: partner.slice('par_'.length) }));
    if (part === undefined ? accessTo(actor, whole) !== 'none' : isSupervisor(actor)) keys[familyScope(whole)] = familyKey;
    else if (part !== undefined) for (const room of own) if (accessTo(actor, room) !== 'none') keys[scopeOf(room)] = hmac(familyKey, shardText(shardOfRoom(room)));
  }
  return keys;
}

const fromHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function rawKeyOf(room: RoomAddress, keys: FilesGrant['keys']): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const own = keys[scopeOf(room)];
  if (own !== undefined) return fromHex(own);
  const family = keys[familyScope(room)];
  if (family === undefined || shardOfRoom(room) === '') return undefined;
  const key = await crypto.subtle.importKey('raw', fromHex(family), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(shardText(shardOfRoom(room)))));
}

const ivLength = 12;
const gcm = (iv: Uint8Array<ArrayBuffer>, room: string, device: string) => ({ name: 'AES-GCM', iv, additionalData: utf8(`linhuo:v1:bundle-room\n${room}\n${device}`) });

/** What a bundle says of one room. */
export interface RoomPart {
  /** Where each fact stands in Yjs, so that the same facts from their own tablet are the same cells. */
  readonly runs: readonly Run[];
  /** What the author had stated of the same records before: a reader may lack it, the server has it. */
  readonly earlier: readonly Cell[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const cellSchema = v.strictObject({ id: text(40), json: text(70_000) });
const partSchema = v.strictObject({
  runs: v.array(v.strictObject({ client: count, clock: count, cells: v.pipe(v.array(cellSchema), v.minLength(1)) })),
  earlier: v.array(cellSchema),
});

/** @returns undefined when the keys do not reach this room */
export async function sealPart(room: string, device: string, part: RoomPart, keys: FilesGrant['keys']): Promise<string | undefined> {
  const address = parseRoomName(room);
  const raw = address && (await rawKeyOf(address, keys));
  if (!raw) return undefined;
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(ivLength));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm(iv, room, device), key, utf8(JSON.stringify(part))));
  const whole = new Uint8Array(ivLength + sealed.length);
  whole.set(iv);
  whole.set(sealed, ivLength);
  return toBase64url(whole);
}

/** @returns `closed` when the keys do not reach this room, `damaged` when they do and it does not open */
export async function openPart({ room, sealed }: BundleBody['rooms'][number], device: string, keys: FilesGrant['keys']): Promise<RoomPart | 'closed' | 'damaged'> {
  const address = parseRoomName(room);
  const raw = address && (await rawKeyOf(address, keys));
  if (!raw) return 'closed';
  const bytes = fromBase64url(sealed);
  if (!bytes || bytes.length <= ivLength) return 'damaged';
  try {
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const plain = await crypto.subtle.decrypt(gcm(bytes.subarray(0, ivLength), room, device), key, bytes.subarray(ivLength));
    return parse(partSchema, new TextDecoder('utf-8', { fatal: true }).decode(plain)) ?? 'damaged';
  } catch {
    // Signed all the same: whoever sealed it had another key than this server's.
    return 'damaged';
  }
}

/** What became of each room. `review`: kept for a supervisor to take or drop. `refused`: kept aside, with the reason. */
export const bundleAnswerSchema = v.object({
  rooms: v.array(v.object({ room: text(160), outcome: v.picklist(['taken', 'review', 'refused']), facts: count, reason: v.exactOptional(v.picklist([...refusalReasons, 'ended'])) })),
});
export type BundleAnswer = v.InferOutput<typeof bundleAnswerSchema>;
export type RoomOutcome = BundleAnswer['rooms'][number];

export const bundleRefusedSchema = v.object({ error: v.picklist([...bundleFaults, 'unknown-device']) });
export type BundleRefusal = v.InferOutput<typeof bundleRefusedSchema>['error'];
