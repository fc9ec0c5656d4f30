/** Identity without demo mode, put together: the registry and everything that asks it or changes it. */
import { createIdSource } from '../../src/domain/kernel/ids.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { mayAsk, type Service } from '../../src/domain/permission.ts';
import type { Contact } from '../../src/protocol/api.ts';
import type { RoomOutcome } from '../../src/protocol/bundle.ts';
import type { ActAnswer, ActRefusal, AdminAct, AuditEntry, Device, Registry as RegistryView } from '../../src/protocol/identity.ts';
import { authorityTag } from '../authority/actor.ts';
import type { Authority } from '../authority/authority.ts';
import type { Log } from '../log.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Storage } from '../storage/contract.ts';
import { decideAct, type ActContext, type Doer } from './acts.ts';
import { createAttempts } from './attempts.ts';
import type { Authors } from './bundles.ts';
import { newCode } from './codes.ts';
import { openContacts, type Contacts } from './contacts.ts';
import type { FileKeys } from './fileKeys.ts';
import { inviteFirst, type FirstInvitation } from './firstRun.ts';
import { createJoining, operator, type Joining } from './joining.ts';
import { createMirror } from './mirror.ts';
import { createProofs, type Proofs } from './proofs.ts';
import type { AuditRecord, Community, DeviceRecord } from './records.ts';
import { openRegistry, type Registry } from './registry.ts';
import { createReview, type Review } from './review.ts';
import { actorOf, sameActor, seatOf, waitsForFirst } from './rights.ts';
import { rosterOf } from './roster.ts';
import { createTablets, type Tablets } from './tablets.ts';
import type { Tickets } from './tickets.ts';

export interface IdentityOptions {
  readonly storage: Storage;
  readonly rooms: Rooms;
  readonly authority: Pick<Authority, 'declare'>;
  readonly tickets: Tickets;
  readonly fileKeys: FileKeys;
  readonly now: () => number;
  readonly log: Log;
  readonly isReserved: (tag: string) => boolean;
  /** Somebody's rights may have changed. */
  readonly onRights: () => void;
  /** How long a tablet opens without having heard from the server. */
  readonly offlineDays?: number;
}

const countOf = (rooms: readonly RoomOutcome[], outcome: RoomOutcome['outcome']): number => rooms.filter((each) => each.outcome === outcome).reduce((sum, { facts }) => sum + facts, 0);

export interface Identity {
  readonly joining: Joining;
  readonly proofs: Proofs;
  readonly tablets: Tablets;
  readonly review: Review;
  readonly contacts: Contacts;
  /** Of bundles that others carried here. */
  readonly authors: Authors;
  /** IR1. */
  grants(actor: Actor): boolean;
  contactsOf(community: string): readonly Contact[];
  view(community: string): RegistryView;
  act(doer: Doer, act: AdminAct): Promise<Result<ActAnswer, ActRefusal>>;
  /** Newest first. */
  audit(community: string): readonly AuditEntry[];
  /** Every line there is, oldest first, with the community it belongs to and its hash. */
  wholeAudit(): readonly AuditRecord[];
  communities(): readonly Community[];
  addCommunity(community: Community): Promise<Result<null, 'taken'>>;
  /** IA7. */
  catchUp(): Promise<void>;
  inviteFirst(named: Pick<Community, 'name' | 'district'>): Promise<FirstInvitation | undefined>;
}

/** A screen reads no further back; the whole log is the operator's to export. */
const auditMax = 1_000;

/** @throws StorageError when what is kept was tampered with */
export async function createIdentity({ storage, rooms, authority, tickets, fileKeys, now, log, isReserved, onRights, offlineDays }: IdentityOptions): Promise<Identity> {
  const registry: Registry = await openRegistry(storage, now, onRights);
  const { state } = registry;
  const contacts = await openContacts(storage, now);
  const proofs = createProofs(now);
  const review = createReview(registry, rooms, now);
  const mirror = createMirror(registry, rooms, authority, log);
  const ids = createIdSource(authorityTag, now);

  const contextFor = async (doer: Doer, rightsIn: string): Promise<ActContext> => ({
    state, doer, now: now(), roster: await rosterOf(rooms, rightsIn), newPersonId: () => ids.newId('per'), newInvitationId: () => ids.newId('inv'), newCode,
  });

  /** Whose rights went while their request waited for its turn acts no more. */
  function mayStillAct({ device, community }: Doer, service: Service): boolean {
    const actor = device === undefined ? undefined : actorOf(state, device, now());
    return device === undefined || (actor !== undefined && mayAsk(actor, service) && actor.community === community);
  }

  const shown = (device: DeviceRecord): Device => {
    const { key: _key, seatKey: _seatKey, codeHash: _codeHash, half: _half, recoveryHalf: _recoveryHalf, community: _community, earlier: _earlier, newPin, ...rest } = device;
    const mayStill = newPin !== undefined && newPin.attempt === undefined && newPin.until > now();
    return { ...rest, ...(mayStill && { newPinUntil: newPin.until }), ...contacts.of(device.tag) };
  };
  const inCommunity = <Kept extends { readonly community: string }>(kept: Iterable<Kept>, community: string): Kept[] => [...kept].filter((each) => each.community === community);

  const openUntil = (community: string): number => Math.max(...inCommunity(state.invitations.values(), community).map(({ expiresAt }) => expiresAt));

  return {
    joining: createJoining({
      registry, now, isReserved, attempts: createAttempts(() => performance.now()),
      onJoined: (device, digits) => {
        contacts.heard(device.tag);
        // Who came first has a name from now on.
        void mirror.catchUp();
        log.info('a tablet joined', { device: device.tag, person: device.person, community: device.community, state: device.state, digits });
      },
    }),
    proofs,
    tablets: createTablets({ registry, proofs, contacts, tickets, fileKeys, now, ...(offlineDays !== undefined && { offlineDays }) }),
    review,
    contacts,
    authors: {
      standing({ actor: { device: tag }, key }) {
        const device = state.devices.get(tag);
        const known = device && (device.seatKey ?? device.key);
        return known?.x === key.x && known.y === key.y ? actorOf(state, tag, now()) : 'unknown';
      },
      async review(tag, facts) {
        const device = state.devices.get(tag);
        if (device) await review.handOver(device, facts);
        return device !== undefined;
      },
      async note({ actor }, carrier, carried) {
        const audit = { community: actor.community, by: carrier.person, act: 'bundle', on: actor.device, detail: { person: actor.person, taken: countOf(carried, 'taken'), review: countOf(carried, 'review') } };
        await registry.change<null, never>(() => ok({ change: { audit }, answer: null }));
      },
    },
    grants(actor) {
      const granted = actorOf(state, actor.device, now());
      return granted !== undefined && sameActor(granted, actor);
    },
    contactsOf: (community) =>
      inCommunity(state.devices.values(), community)
        .flatMap((device): Contact[] => {
          const person = device.state === 'active' ? seatOf(state, device) : undefined;
          return person ? [{ device: device.tag, person: person.id, role: person.role, lastContactAt: contacts.of(device.tag).lastContactAt }] : [];
        })
        .sort((a, b) => b.lastContactAt - a.lastContactAt),
    view: (community) => ({
      community: { slug: community, name: state.communities.get(community)?.name ?? community },
      people: inCommunity(state.people.values(), community),
      devices: inCommunity(state.devices.values(), community).map(shown),
      invitations: inCommunity(state.invitations.values(), community).map(({ id, person, createdBy, createdAt, expiresAt, state: now }) => ({ id, person, createdBy, createdAt, expiresAt, state: now })),
      toReview: review.list(community).length,
      communities: [...state.communities.values()].map(({ slug, name }) => ({ slug, name, ...(waitsForFirst(state, slug, community) && { openUntil: openUntil(slug) }) })),
    }),
    async act(doer, act) {
      const rightsIn = act.act === 'movePerson' && state.communities.has(act.community) ? act.community : doer.community;
      const done = act.act === 'review'
        ? await review.decide(doer, act, () => mayStillAct(doer, 'administer'))
        : await registry.change<ActAnswer, ActRefusal>(async () => (mayStillAct(doer, act.act === 'openCommunity' ? act.act : 'administer') ? decideAct(await contextFor(doer, rightsIn), act) : err('not-allowed')));
      if (done.ok) await mirror.catchUp();
      return done;
    },
    communities: () => [...state.communities.values()],
    async addCommunity(community) {
      const added = await registry.change<null, 'taken'>(() => {
        if (state.communities.has(community.slug)) return err('taken');
        const audit = { community: community.slug, by: operator, act: 'addCommunity', on: community.slug, detail: { name: community.name, district: community.district } };
        return ok({ change: { communities: [community], audit }, answer: null });
      });
      if (added.ok) await mirror.catchUp();
      return added;
    },
    wholeAudit: () => registry.audit.list('', Infinity).toReversed(),
    audit: (community) => registry.audit.list(community, auditMax).map(({ seq, at, by, act, on, detail }) => ({ seq, at, by, act, on, detail })),
    catchUp: () => mirror.catchUp(),
    async inviteFirst(named) {
      const first = await inviteFirst(registry, (community) => contextFor({ by: operator, community }, community), named);
      await mirror.catchUp();
      return first;
    },
  };
}
