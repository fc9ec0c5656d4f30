/**
 * What a supervisor, or the operator, may do to people and devices. Each act is decided purely on the registry as it stands.
 *
 * - IA3 An act reaches people, devices and invitations of the doer's own community only; to anybody else they are unknown.
 *   Only a tablet that still holds a seat of the doer's community is lost whole, other communities' seats with it.
 * - IA4 Nobody ends, demotes or loses themselves; what a supervisor does not reach, the operator does.
 * - IA5 Grids and groups that the roster does not have are given to nobody.
 * - IA6 Nobody is moved to another community by a supervisor.
 * - IA10 A community that a supervisor opens is its first supervisor's; whoever opened it has no rights there.
 */
import { addDays, dayOf, hourMs, isDay } from '../../src/domain/kernel/time.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { ActAnswer, ActRefusal, AdminAct, Person } from '../../src/protocol/identity.ts';
import { hashOfCode } from './codes.ts';
import { operator } from './joining.ts';
import { newPinFrom, seatKey, type DeviceRecord, type InvitationRecord } from './records.ts';
import type { Change, Decided, State } from './registry.ts';
import { isActive, supervisorsWithTablet, waitsForFirst } from './rights.ts';
import type { Roster } from './roster.ts';

export const invitationLifeMs = 30 * 60_000;
export const firstLifeMs = 24 * hourMs;
/** Enough for whoever sets up a district, and no way to fill a disk. */
const openingsPerDay = 5;
/** A substitution that is longer is no substitution. */
const substitutionMaxDays = 92;

/** Who acts; the operator is nobody's person and has no device here. */
export interface Doer {
  readonly by: string;
  readonly community: string;
  readonly device?: string | undefined;
}

export interface ActContext {
  readonly state: State;
  readonly doer: Doer;
  readonly now: number;
  /** Of the community the rights are for. */
  readonly roster: Roster;
  newPersonId(): string;
  newInvitationId(): string;
  newCode(): string;
}

/** Decisions on facts need rooms and stand in `review.ts`. */
export type PlainAct = Exclude<AdminAct, { act: 'review' }>;
type Decision = Result<Decided<ActAnswer>, ActRefusal>;
type Act<Name> = Extract<PlainAct, { act: Name }>;
type Rights = Pick<Person, 'role' | 'grids' | 'partners'>;

const done = { ok: true } as const;

const personIn = ({ state, doer: { community } }: ActContext, id: string): Person | undefined => state.people.get(seatKey({ community, id }));
function deviceIn({ state, doer: { community } }: ActContext, tag: string): DeviceRecord | undefined {
  const device = state.devices.get(tag);
  return device?.community === community ? device : undefined;
}

const unique = (codes: readonly string[]): string[] => [...new Set(codes)].sort();
const rightsOf = ({ role, grids, partners }: Rights): Rights => ({ role, grids: unique(grids), partners: unique(partners) });

/** IA5. */
function wrongRights({ roster }: ActContext, { grids, partners }: Rights): ActRefusal | undefined {
  if (!grids.every((grid) => roster.grids.includes(grid))) return 'bad-grid';
  return partners.every((partner) => roster.partners.has(partner)) ? undefined : 'unknown';
}

/** IA4: whoever is the last one hears that, since it says what to do first. */
function toOneself({ state, doer }: ActContext, person: string): ActRefusal | undefined {
  if (doer.by !== person) return undefined;
  return supervisorsWithTablet(state, doer.community).size > 1 ? 'yourself' : 'last-supervisor';
}

const changed = (context: ActContext, act: string, on: string, detail: Record<string, unknown>, change: Omit<Change, 'audit'>, answer: ActAnswer = done): Decision =>
  ok({ change: { ...change, audit: { community: context.doer.community, by: context.doer.by, act, on, detail } }, answer });

/** A new code for this person; open invitations of theirs end with it. */
export function invited(context: ActContext, act: string, person: Person, { lifeMs = invitationLifeMs, ...more }: Partial<Pick<InvitationRecord, 'isFirst' | 'from'>> & { readonly lifeMs?: number } = {}): Decision {
  const { state, now, doer } = context;
  const code = context.newCode();
  const invitation = {
    id: context.newInvitationId(), person: person.id, community: person.community, createdBy: doer.by, createdAt: now, expiresAt: now + lifeMs,
    state: 'open' as const, codeHash: hashOfCode(code), ...more,
  };
  const earlier = [...state.invitations.values()].filter((each) => each.person === person.id && each.community === person.community && each.state === 'open');
  const invitations = [...earlier.map((each) => ({ ...each, state: 'cancelled' as const })), invitation];
  const detail = { invitation: invitation.id, name: person.name, ...rightsOf(person) };
  return changed(context, act, person.id, detail, { people: [person], invitations }, { ...done, code, invitation: invitation.id, person: person.id, expiresAt: invitation.expiresAt });
}

/** Until they come and say their own (IE9). */
const firstName = '社区工作人员';
/** Whoever will be a community's first supervisor; one who was invited before and has not come is the same. */
export function firstOf({ state, now, newPersonId }: ActContext, community: string): Person {
  const earlier = [...state.people.values()].find((person) => person.community === community && person.role === 'supervisor' && person.active);
  return earlier ?? { id: newPersonId(), community, name: firstName, role: 'supervisor', grids: [], partners: [], substitutions: [], active: true, since: now };
}

/** IE2: one that nobody has confirmed has never worked here, so it has nothing to hand over either. */
const ended = (device: DeviceRecord, state: 'revoked' | 'lost', now: number): DeviceRecord => {
  const { digits: _digits, newPin: _newPin, ...rest } = device;
  if (device.state === 'waiting') return { ...rest, state: 'refused' };
  return { ...rest, state, endedAt: rest.endedAt ?? now };
};

const isWorking = ({ state }: DeviceRecord): boolean => state === 'active' || state === 'waiting';

function closed(context: ActContext, person: Person) {
  const { state, now } = context;
  return {
    devices: [...state.devices.values()].filter((device) => device.person === person.id && device.community === person.community && isWorking(device)).map((device) => ended(device, 'revoked', now)),
    invitations: [...state.invitations.values()].filter((each) => each.person === person.id && each.community === person.community && each.state === 'open').map((each) => ({ ...each, state: 'cancelled' as const })),
  };
}

const acts: { readonly [Name in PlainAct['act']]: (context: ActContext, act: Act<Name>) => Decision } = {
  invite(context, act) {
    const wrong = wrongRights(context, act);
    if (wrong) return err(wrong);
    return invited(context, 'invite', {
      id: context.newPersonId(), community: context.doer.community, name: act.name, ...rightsOf(act), substitutions: [], active: true, since: context.now,
    });
  },

  inviteAgain(context, { person: id }) {
    const person = personIn(context, id);
    if (!person) return err('unknown');
    return person.active ? invited(context, 'inviteAgain', person) : err('not-now');
  },

  cancelInvitation(context, { invitation: id }) {
    const invitation = context.state.invitations.get(id);
    if (invitation?.community !== context.doer.community) return err('unknown');
    if (invitation.state !== 'open') return err('not-now');
    return changed(context, 'cancelInvitation', id, { person: invitation.person }, { invitations: [{ ...invitation, state: 'cancelled' }] });
  },

  confirm(context, { device: tag }) {
    const device = deviceIn(context, tag);
    if (!device) return err('unknown');
    const { digits, ...rest } = device;
    const confirmed: DeviceRecord = { ...rest, state: 'active', newPin: newPinFrom(context.doer.by, context.now) };
    if (device.state !== 'waiting' || !isActive(context.state, confirmed)) return err('not-now');
    return changed(context, 'confirm', tag, { person: device.person, digits }, { devices: [confirmed] });
  },

  refuse(context, { device: tag }) {
    const device = deviceIn(context, tag);
    if (!device) return err('unknown');
    if (device.state !== 'waiting') return err('not-now');
    const { digits, ...rest } = device;
    return changed(context, 'refuse', tag, { person: device.person, digits }, { devices: [{ ...rest, state: 'refused' }] });
  },

  changePerson(context, { person: id, name, reason, ...rights }) {
    const person = personIn(context, id);
    if (!person) return err('unknown');
    if (!person.active) return err('not-now');
    const wrong = wrongRights(context, rights) ?? (rights.role === person.role ? undefined : toOneself(context, id));
    if (wrong) return err(wrong);
    const before = { name: person.name, ...rightsOf(person) };
    const after = { name, ...rightsOf(rights) };
    return changed(context, 'changePerson', id, { before, after, reason }, { people: [{ ...person, ...after }] });
  },

  movePerson(context, { person: id, community, reason, ...rights }) {
    const { state, doer, now } = context;
    const person = personIn(context, id);
    if (!person || !state.communities.has(community)) return err('unknown');
    if (!person.active || community === doer.community) return err('not-now');
    // IA6: a supervisor who could move people could give somebody of their own rights over others' data.
    const wrong = doer.by === operator ? wrongRights(context, rights) : 'not-allowed';
    if (wrong) return err(wrong);
    const seat: Person = { ...person, ...rightsOf(rights), community, substitutions: [], active: true, since: now };
    const devices = [...state.devices.values()].filter((device) => device.person === id && device.community === doer.community && isWorking(device)).map((device) => ({ ...device, community }));
    const { invitations } = closed(context, person);
    const detail = { before: rightsOf(person), after: rightsOf(rights), community, devices: devices.map(({ tag }) => tag), reason };
    return changed(context, 'movePerson', id, detail, { people: [{ ...person, active: false }, seat], devices, invitations });
  },

  endPerson(context, { person: id, reason }) {
    const person = personIn(context, id);
    if (!person) return err('unknown');
    if (!person.active) return err('not-now');
    const wrong = toOneself(context, id);
    if (wrong) return err(wrong);
    const change = closed(context, person);
    return changed(context, 'endPerson', id, { devices: change.devices.map(({ tag }) => tag), reason }, { people: [{ ...person, active: false }], ...change });
  },

  substitute(context, { person: id, grid, from, through }) {
    const person = personIn(context, id);
    const today = dayOf(context.now);
    if (!person) return err('unknown');
    if (!person.active) return err('not-now');
    if (person.role !== 'gridWorker') return err('not-allowed');
    if (!context.roster.grids.includes(grid)) return err('bad-grid');
    if (!isDay(from) || !isDay(through) || from > through || through < today || through > addDays(from, substitutionMaxDays)) return err('bad-days');
    const others = person.substitutions.filter((each) => each.through >= today);
    if (person.grids.includes(grid) || others.some((each) => each.grid === grid && each.from <= through && from <= each.through)) return err('taken');
    return changed(context, 'substitute', id, { grid, from, through }, { people: [{ ...person, substitutions: [...others, { grid, from, through }] }] });
  },

  endSubstitution(context, { person: id, grid }) {
    const person = personIn(context, id);
    if (!person?.substitutions.some((each) => each.grid === grid)) return err('unknown');
    return changed(context, 'endSubstitution', id, { grid }, { people: [{ ...person, substitutions: person.substitutions.filter((each) => each.grid !== grid) }] });
  },

  revokeDevice(context, { device: tag, reason }) {
    const device = deviceIn(context, tag);
    if (!device) return err('unknown');
    if (!isWorking(device)) return err('not-now');
    if (tag === context.doer.device) return err(toOneself(context, device.person) ?? 'yourself');
    return changed(context, 'revokeDevice', tag, { person: device.person, reason }, { devices: [ended(device, 'revoked', context.now)] });
  },

  lostTablet(context, { tablet, reason }) {
    const { state, doer, now } = context;
    const seats = [...state.devices.values()].filter((device) => device.tablet === tablet && device.state !== 'refused');
    const ours = seats.filter((device) => device.community === doer.community);
    if (ours.length === 0) return err('unknown');
    const all = ours.some((device) => device.wipedAt === undefined) ? seats : ours;
    if (all.every((device) => device.state === 'lost')) return err('not-now');
    const own = all.find((device) => device.tag === doer.device);
    if (own) return err(toOneself(context, own.person) ?? 'yourself');
    const devices = all.filter((device) => device.state !== 'lost').map((device) => ended(device, 'lost', now));
    const endedIn = (community: string) => devices.filter((device) => device.community === community).map(({ tag, person }) => ({ device: tag, person }));
    const others = [...new Set(devices.map(({ community }) => community))].filter((community) => community !== doer.community).sort();
    // Who reads one community's log learns of no other one's people.
    const elsewhere = others.map((community) => ({ community, by: doer.by, act: 'lostTablet', on: tablet, detail: { devices: endedIn(community), from: doer.community, reason } }));
    return changed(context, 'lostTablet', tablet, { devices: endedIn(doer.community), reason }, { devices, elsewhere });
  },

  allowNewPin(context, { device: tag }) {
    const device = deviceIn(context, tag);
    if (!device) return err('unknown');
    if (device.state !== 'active') return err('not-now');
    return changed(context, 'allowNewPin', tag, { person: device.person }, { devices: [{ ...device, newPin: newPinFrom(context.doer.by, context.now) }] });
  },

  openCommunity(context, { slug, name }) {
    const { state, doer, now } = context;
    const [known, own] = [state.communities.get(slug), state.communities.get(doer.community)];
    if (known && !waitsForFirst(state, slug, doer.community)) return err('taken');
    const lately = [...state.invitations.values()].filter(({ from, createdAt }) => from === doer.community && createdAt > now - firstLifeMs);
    if (lately.length >= openingsPerDay) return err('too-many');
    const community = known ?? { slug, name, district: own?.district ?? '' };
    const made = invited({ ...context, doer: { by: doer.by, community: slug } }, 'openCommunity', firstOf(context, slug), { lifeMs: firstLifeMs, isFirst: true, from: doer.community });
    if (!made.ok) return made;
    const { change, answer } = made.value;
    const line = { by: doer.by, act: 'openCommunity', on: slug };
    const audit = { ...line, community: doer.community, detail: { name: community.name, invitation: answer.invitation } };
    // There is nobody there to read it yet, and whoever comes will want to know where their community is from.
    const elsewhere = [{ ...line, community: slug, detail: { ...audit.detail, from: doer.community } }];
    return ok({ change: { ...change, communities: [community], audit, elsewhere }, answer });
  },
};

/** The narrowing of `act` by its name is what the table's type says, and no compiler sees it. */
export const decideAct = (context: ActContext, act: PlainAct): Decision => (acts[act.act] as (context: ActContext, act: PlainAct) => Decision)(context, act);
