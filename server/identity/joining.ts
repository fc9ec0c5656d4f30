/**
 * How a tablet comes in: a code, a key, six digits that two people compare.
 *
 * - IE1 An invitation is one person's, good once and for half an hour; only the hash of its code is kept. The same tablet with
 *   the same code and key is answered again: its first answer may have been lost.
 * - IE2 Nothing is granted to a device before a supervisor confirmed its digits; only the operator's invitation of a
 *   supervisor into a community where no supervisor has a tablet needs no confirmation, and the one a community was opened
 *   with, while nobody has joined there.
 * - IE3 A device tag belongs to one device for good.
 * - IE9 A community's first supervisor says who they are when they join.
 * - IE11 A seat that the server has forgotten joins again under its tag and with its key, as one whose digits were refused
 *   may; who sat there is written down: what they had stated and its person may not state is for review.
 * - IE4 Wrong codes are limited for each address and over all.
 */
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { comparisonDigits, type JoinAnswer, type JoinRequest, type JoinState, type Person } from '../../src/protocol/identity.ts';
import type { Attempts } from './attempts.ts';
import { hashOfCode, newHalf } from './codes.ts';
import { readKey } from './proofs.ts';
import { newPinFrom, seatKey, type DeviceRecord, type InvitationRecord } from './records.ts';
import type { Decided, Registry, State } from './registry.ts';
import { isActive, seatOf, supervisorsWithTablet, waitsForFirst } from './rights.ts';

export const operator = 'operator';

/** `taken`: another device has this tag; `name`: it has to be said; `wait`: too many wrong codes. */
export type JoinRefusal = { readonly error: 'code' | 'taken' | 'key' | 'name' } | { readonly error: 'wait'; readonly ms: number };

export interface JoiningOptions {
  readonly registry: Registry;
  readonly attempts: Attempts;
  readonly now: () => number;
  /** The authority's tags, and those of facts that were there before. */
  readonly isReserved: (tag: string) => boolean;
  /** A device came in, with what its screen shows. */
  readonly onJoined: (device: DeviceRecord, digits: string) => void;
}

export interface Joining {
  join(request: JoinRequest, address: string): Promise<Result<JoinAnswer, JoinRefusal>>;
}

export function createJoining({ registry, attempts, now, isReserved, onJoined }: JoiningOptions): Joining {
  function answerTo(state: State, device: DeviceRecord, person: Person): JoinAnswer {
    const { id, name, role, community, grids, partners } = person;
    return { person: id, name, role, community, communityName: state.communities.get(community)?.name ?? community, grids, partners, confirmed: device.state === 'active' };
  }

  function admit(state: State, invitation: InvitationRecord, request: JoinRequest, digits: string): Result<Decided<JoinAnswer>, JoinRefusal> {
    const invited = state.people.get(seatKey({ community: invitation.community, id: invitation.person }));
    if (!invited?.active) return err({ error: 'code' });
    const before = state.devices.get(request.device);
    const isSame = before?.state === 'refused' && before.key.x === request.key.x && before.key.y === request.key.y;
    if ((before && !isSame) || isReserved(request.device)) return err({ error: 'taken' });
    const { isFirst = false } = invitation;
    if (isFirst && request.name === undefined) return err({ error: 'name' });
    const person = { ...invited, name: (isFirst && request.name) || invited.name };
    const isTrusted = invitation.createdBy === operator ? supervisorsWithTablet(state, person.community).size === 0 : invitation.from !== undefined && waitsForFirst(state, person.community, invitation.from);
    const confirmed = isTrusted && person.role === 'supervisor';
    const device: DeviceRecord = {
      tag: request.device, tablet: request.tablet, label: request.label, person: person.id, community: person.community, key: request.key,
      state: confirmed ? 'active' : 'waiting', ...(confirmed ? {} : { digits }), joinedAt: now(), ...(confirmed && { newPin: newPinFrom(invitation.createdBy, now()) }),
      codeHash: invitation.codeHash, half: newHalf(), recoveryHalf: newHalf(),
      ...(request.earlier !== undefined && { earlier: request.earlier }),
    };
    const audit = {
      community: person.community, by: `device:${device.tag}`, act: 'join', on: device.tag,
      detail: { person: person.id, tablet: device.tablet, label: device.label, invitation: invitation.id, confirmed, ...(isFirst && { name: person.name }), ...(request.earlier !== undefined && { earlier: request.earlier }) },
    };
    return ok({ change: { devices: [device], invitations: [{ ...invitation, state: 'used' }], ...(isFirst && { people: [person] }), audit }, answer: answerTo(state, device, person) });
  }

  return {
    async join(request, address) {
      const codeHash = hashOfCode(request.code);
      const isKnown = [...registry.state.invitations.values()].some((each) => each.codeHash === codeHash);
      const ms = attempts.wait(address, isKnown);
      if (ms > 0) return err({ error: 'wait', ms });
      // Counted before anything is waited for, so that many at once are no way around the limit.
      if (!isKnown) attempts.failed(address);
      if (!isKnown) return err({ error: 'code' });
      if (!readKey(request.key)) return err({ error: 'key' });
      const digits = await comparisonDigits(request.code, request.key);
      const joined = await registry.change<JoinAnswer, JoinRefusal>((state) => {
        const known = state.devices.get(request.device);
        if (known?.codeHash === codeHash && known.key.x === request.key.x && known.key.y === request.key.y) {
          const person = seatOf(state, known);
          return person && (known.state === 'waiting' || isActive(state, known)) ? ok({ answer: answerTo(state, known, person) }) : err({ error: 'code' });
        }
        const invitation = [...state.invitations.values()].find((each) => each.codeHash === codeHash);
        if (invitation?.state !== 'open' || invitation.expiresAt <= now()) return err({ error: 'code' });
        return admit(state, invitation, request, digits);
      });
      const device = joined.ok ? registry.state.devices.get(request.device) : undefined;
      if (device) onJoined(device, digits);
      return joined;
    },
  };
}

export function joinStateOf(device: DeviceRecord): JoinState {
  if (device.state === 'waiting') return { state: 'waiting' };
  return { state: device.state === 'active' ? 'confirmed' : 'refused' };
}
