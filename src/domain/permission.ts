/**
 * Who may see, state, change and delete what: one table, the same on tablet and server. docs/PERMISSIONS.md is made of it.
 *
 * - PM1 Which rooms open to somebody, and what the check of a fact allows, follow from this table and from nothing else.
 * - PM3 Whoever may not is told one of few reasons, and which roles may.
 * - PM5 In its own name the authority states ledger entries, the community, its grids and its staff, and what follows from
 *   an erasure; beyond that it
 *   states what somebody else has authored.
 */
import { roles, type Actor, type Role } from './kernel/actor.ts';
import type { Fact, Fields } from './kernel/fact.ts';
import type { Folded } from './kernel/fold.ts';
import type { Kind } from './kernel/kind.ts';
import { kinds, type KindName } from './kinds.ts';
import type { RoomAddress, RoomFamily } from './kernel/room.ts';
import { servedFields } from './needs/schema.ts';
import { ownPage } from './roster/schema.ts';

export const acts = ['see', 'state', 'change', 'delete'] as const;
/** `state` is a birth, `delete` also bringing back. */
export type Act = (typeof acts)[number];
export type Doer = Actor['role'];
export const doers: readonly Doer[] = [...roles, 'authority'];

/** A cell of the table: where in the community a role may do something. */
export type Scope =
  | 'never'
  | 'everywhere'
  /** Records of a grid the person works in. */
  | 'ownGrid'
  /** The same, and only volunteer numbers that this very tablet made (PE2). */
  | 'ownGridOwnNumbers'
  /** Records of a partner the person leads. */
  | 'ownPartner'
  /** The partner the person leads, and of it the fields a group keeps itself. */
  | 'ownPage'
  /** Of needs how far the service is, said in the name of a partner the person leads (ND4): what the statement itself says decides, not how the record stands. */
  | 'ownService'
  /** What stands under a grant of this very tablet (PN4). */
  | 'ownTablet'
  /** What somebody else has authored: seeded, or taken from the review. */
  | 'forAnother';

/** Whoever is not named may never. */
type Row = Readonly<Partial<Record<Doer, Scope>>>;

const everybody: Row = {
  gridWorker: 'everywhere', groupLeader: 'everywhere', supervisor: 'everywhere', redemptionPoint: 'everywhere', monitor: 'everywhere', authority: 'everywhere',
};
const gridsOwn: Row = { gridWorker: 'ownGrid', supervisor: 'everywhere', authority: 'everywhere' };

/** A room is read as a whole: what may be seen is said of the family, for all its kinds. A district reads summaries, no rooms. */
const seen: Readonly<Record<RoomFamily, Row>> = {
  roster: everybody,
  people: gridsOwn,
  visits: gridsOwn,
  members: { groupLeader: 'ownPartner', supervisor: 'everywhere', authority: 'everywhere' },
  log: everybody,
  ledger: everybody,
  claims: { redemptionPoint: 'everywhere', supervisor: 'everywhere', authority: 'everywhere' },
};

/** What states nothing in a room: the server does it for whoever asks. */
const served = {
  /** People, tablets, invitations, the log and the review of the own community (IA8). */
  administer: { supervisor: 'everywhere' },
  /** Another community, with the invitation of its first supervisor (IA10). */
  openCommunity: { supervisor: 'everywhere' },
} as const satisfies Readonly<Record<string, Row>>;
export type Service = keyof typeof served;
export const services = Object.keys(served) as readonly Service[];
export const mayAsk = ({ role }: Pick<Actor, 'role'>, service: Service): boolean => (served[service] as Row)[role] !== undefined;

type Stated = Readonly<Record<Exclude<Act, 'see'>, Row>>;
const alike = (row: Row): Stated => ({ state: row, change: row, delete: row });

const office: Row = { supervisor: 'everywhere', authority: 'forAnother' };
const register: Row = { supervisor: 'everywhere', authority: 'everywhere' };
const atDoors: Row = { gridWorker: 'ownGrid', supervisor: 'everywhere', authority: 'forAnother' };
const logging: Row = { gridWorker: 'everywhere', groupLeader: 'ownPartner', supervisor: 'everywhere', authority: 'forAnother' };

const entry: Stated = { state: { authority: 'everywhere' }, change: {}, delete: {} };
const atCounter: Stated = { state: { redemptionPoint: 'ownTablet', authority: 'forAnother' }, change: {}, delete: {} };
const settling: Stated = { state: office, change: {}, delete: {} };

const stated: Readonly<Record<KindName, Stated>> = {
  community: alike(register),
  grid: alike(register),
  staff: alike(register),
  partner: { state: office, change: { ...office, groupLeader: 'ownPage' }, delete: office },
  conversion: alike(office),
  space: alike(office),
  pointsRule: alike(office),
  partnerPair: alike(office),

  building: alike(atDoors),
  household: alike(atDoors),
  volunteer: { ...alike(atDoors), state: { ...atDoors, gridWorker: 'ownGridOwnNumbers' } },
  member: alike({ groupLeader: 'ownPartner', supervisor: 'everywhere', authority: 'forAnother' }),

  // A visit is stated by who stood at the door; the office corrects.
  visit: { ...alike(atDoors), state: { gridWorker: 'ownGrid', authority: 'forAnother' } },

  resident: alike(atDoors),
  consent: alike(atDoors),
  care: alike(atDoors),
  // RS5: who looked stays written.
  reading: { state: atDoors, change: {}, delete: {} },

  pair: alike(office),
  // ER1, ER2: asked for by the office, carried into the other rooms by the server, taken back by nobody.
  erasure: { state: office, change: {}, delete: {} },
  doorErasure: { state: { authority: 'everywhere' }, change: { authority: 'everywhere' }, delete: {} },
  memberErasure: { state: { authority: 'everywhere' }, change: {}, delete: {} },

  need: { ...alike(atDoors), change: { ...atDoors, groupLeader: 'ownService' } },
  needTold: alike(atDoors),
  feedback: alike(atDoors),

  // IM14: who imported stays written; taking it back is stated of each record, which is what is asked about.
  intake: { state: { gridWorker: 'everywhere', groupLeader: 'everywhere', supervisor: 'everywhere', authority: 'forAnother' }, change: {}, delete: {} },

  activity: alike(logging),
  attendance: alike(logging),

  // CE5: taken back by a change that says so, and never out of the world.
  certificate: { state: office, change: office, delete: {} },

  // PN1: a correction is another entry.
  pointsEntry: entry,
  grant: entry,
  pointsMove: entry,
  verdict: entry,
  // PN4: what was handed out stays written; taking it back is another claim.
  claim: atCounter,
  redemptionRequest: atCounter,
  settlement: settling,
  writeOff: settling,
  reward: alike(office),
};

const rowOf = (act: Act, kind: Kind): Row => (act === 'see' ? seen[kind.family] : (stated[kind.name as KindName][act] ?? {}));
export const scopeOf = (act: Act, kind: Kind, doer: Doer): Scope => rowOf(act, kind)[doer] ?? 'never';

/** `read-only-family`: no person states anything there, the server alone does. `fixed`: the record's id or room was made from it. */
export const whyNotReasons = ['community', 'role', 'read-only-family', 'grid', 'partner', 'fields', 'number', 'tablet', 'fixed'] as const;
export type WhyNotReason = (typeof whyNotReasons)[number];
export interface WhyNot {
  readonly reason: WhyNotReason;
  /** The roles of people that may, at least somewhere. */
  readonly who: readonly Role[];
}

/** What somebody wants to do something to. Nothing at all asks whether there is anywhere they may. */
export interface About {
  readonly room?: RoomAddress;
  readonly record?: string;
  /** As it stands. */
  readonly fields?: Fields;
  readonly set?: Fields;
  /** The author. */
  readonly by?: string;
}

/** @returns why this scope does not reach that far */
const outside: Readonly<Record<Scope, (actor: Actor, kind: Kind, about: About) => WhyNotReason | undefined>> = {
  never: (_actor, kind) => (kind.family === 'ledger' ? 'read-only-family' : 'role'),
  everywhere: () => undefined,
  ownGrid: ({ grids }, kind, about) => (includes(grids, about.room?.grid ?? placeOf(kind, about).grid) ? undefined : 'grid'),
  ownGridOwnNumbers: (actor, kind, about) =>
    outside.ownGrid(actor, kind, about) ?? (String(about.set?.['number']).startsWith(actor.device.toUpperCase(), 2) ? undefined : 'number'),
  ownPartner: ({ partners }, kind, about) => (includes(partners, partnerOf(about.room) ?? placeOf(kind, about).partner) ? undefined : 'partner'),
  ownPage: (actor, kind, about) => outside.ownPartner(actor, kind, about) ?? (Object.keys(about.set ?? {}).every((name) => ownPage.has(name)) ? undefined : 'fields'),
  ownService: ({ partners }, _kind, { set = {} }) =>
    includes(partners, set['partner']) ? (Object.keys(set).every((name) => servedFields.has(name)) ? undefined : 'fields') : 'partner',
  ownTablet: ({ device }, kind, about) => (placeOf(kind, about).device === device ? undefined : 'tablet'),
  forAnother: (actor, _kind, about) => (about.by !== undefined && about.by !== actor.person ? undefined : 'role'),
};

const includes = (own: readonly string[], one: unknown): boolean => typeof one === 'string' && own.includes(one);
const partnerOf = (room: RoomAddress | undefined): string | undefined => (room?.partner === undefined ? undefined : `par_${room.partner}`);
const placeOf = (kind: Kind, { record = '', fields, set }: About) => kind.placeOf?.(record, (name) => fields?.[name] ?? set?.[name]) ?? {};

const refusal = (actor: Actor, act: Act, kind: Kind, about: About): WhyNotReason | undefined => outside[scopeOf(act, kind, actor.role)](actor, kind, about);

/** A change that also deletes is both. */
const actsOf = ({ set }: Fact, before: Folded | undefined): readonly Act[] => {
  if (before === undefined) return ['state'];
  const names = Object.keys(set);
  if (!names.includes('deleted')) return ['change'];
  return names.length === 1 ? ['delete'] : ['change', 'delete'];
};

/** CK6. @param before the record as it stood */
export function mayState(actor: Actor, kind: Kind, fact: Fact, before: Folded | undefined): boolean {
  const { deleted: _deleted, ...set } = fact.set;
  const about: About = { record: fact.record, set, by: fact.by, ...(before && { fields: before.fields }) };
  return actsOf(fact, before).every((act) => refusal(actor, act, kind, about) === undefined);
}

/** PM3, for a screen. @returns undefined when nothing stands against it */
export function whyNot(actor: Actor, act: Act, name: KindName, about?: About): WhyNot | undefined {
  const kind: Kind = kinds[name];
  const who = roles.filter((role) => scopeOf(act, kind, role) !== 'never');
  if (about === undefined) return scopeOf(act, kind, actor.role) === 'never' ? { reason: outside.never(actor, kind, {}) ?? 'role', who } : undefined;
  const elsewhere = actor.role !== 'authority' && about.room !== undefined && about.room.community !== actor.community;
  const fixed = act === 'change' && kind.fixed.some((field) => field in (about.set ?? {}));
  const reason = elsewhere ? 'community' : (refusal(actor, act, kind, about) ?? (fixed ? 'fixed' : undefined));
  return reason && { reason, who };
}

/** Whether a scope reaches into a room at all; which of its records is asked of each fact. */
function reaches(scope: Scope, actor: Actor, { grid, partner }: RoomAddress): boolean {
  if (scope === 'never') return false;
  if (scope === 'ownGrid' || scope === 'ownGridOwnNumbers') return grid === undefined || actor.grids.includes(grid);
  if (scope === 'ownPartner' || scope === 'ownPage' || scope === 'ownService') return partner === undefined || actor.partners.includes(`par_${partner}`);
  return true;
}

export const maySee = (actor: Actor, room: RoomAddress): boolean => reaches(seen[room.family][actor.role] ?? 'never', actor, room);

const kindsOf = (family: RoomFamily): readonly Kind[] => Object.values<Kind>(kinds).filter((kind) => kind.family === family);
/** Whether there is anything in the room that this person might state. */
export const mayWrite = (actor: Actor, room: RoomAddress): boolean =>
  kindsOf(room.family).some((kind) => acts.some((act) => act !== 'see' && reaches(scopeOf(act, kind, actor.role), actor, room)));
