/**
 * What an enrolled tablet asks for, each time with a proof that it holds its key.
 *
 * - IE10 Tickets and handovers are for who has opened the seat: as soon as the key behind the PIN is known, the device's own key
 *   gets `locked` for them. That one says how the device stands, no more; and the first key behind a PIN is the only one.
 * - IE6 A ticket carries the rights of this moment, and the server's half of what opens the tablet without a network.
 * - IE7 The recovery half is given only while a new PIN may be set: for an hour after joining, and after a supervisor has
 *   allowed it; to one attempt, which is answered again when the answer was lost. The log says each time who had allowed it.
 * - IR3 A device that was ended gets `revoked`, one that was lost gets `wipe`; nothing else is given to it.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { dayMs } from '../../src/domain/kernel/time.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import type { CheckedIn, JoinState, KeyProof, ProofPurpose, Recovery, Refused, SeatKeyProof } from '../../src/protocol/identity.ts';
import type { Contacts } from './contacts.ts';
import type { FileKeys } from './fileKeys.ts';
import { joinStateOf } from './joining.ts';
import type { Proof, Proofs } from './proofs.ts';
import type { DeviceRecord } from './records.ts';
import type { Registry } from './registry.ts';
import { actorOf } from './rights.ts';
import type { Tickets } from './tickets.ts';

/** For so many days a tablet opens without having reached the server, unless the settings say otherwise (CF3). */
export const offlineDaysDefault = 30;

type Refusal = Refused['error'];

export interface Tablets {
  joinState(proof: KeyProof): Result<JoinState, Refusal>;
  checkIn(proof: KeyProof): Result<CheckedIn, Refusal>;
  seatKey(proof: SeatKeyProof): Promise<Result<object, Refusal | 'taken'>>;
  ticket(proof: KeyProof): Result<{ readonly actor: Actor } & Pick<TicketGrant, 'ticket' | 'expiresAt' | 'unlock' | 'files'>, Refusal>;
  recovery(proof: KeyProof): Promise<Result<Recovery | object, Refusal | 'not-allowed'>>;
  wiped(proof: KeyProof): Promise<Result<object, Refusal | 'not-now'>>;
  /** The device that may hand over: one that was ended, or one that joined again. */
  handingOver(proof: Proof): Result<DeviceRecord, Refusal | 'not-now'>;
}

export interface TabletsOptions {
  readonly registry: Registry;
  readonly proofs: Proofs;
  readonly contacts: Contacts;
  readonly tickets: Tickets;
  readonly fileKeys: FileKeys;
  readonly now: () => number;
  readonly offlineDays?: number;
}

const isEnded = ({ state }: DeviceRecord): boolean => state === 'revoked' || state === 'lost';

export function createTablets({ registry, proofs, contacts, tickets, fileKeys, now, offlineDays = offlineDaysDefault }: TabletsOptions): Tablets {
  function known({ device: tag }: Proof, isProved: (device: DeviceRecord) => boolean): Result<DeviceRecord, Refusal> {
    const device = registry.state.devices.get(tag);
    if (!device) return err('unknown');
    if (!isProved(device)) return err('unproved');
    contacts.heard(device.tag);
    return ok(device);
  }

  const proved = (purpose: ProofPurpose, proof: Proof): Result<DeviceRecord, Refusal> => known(proof, ({ key }) => proofs.proves(purpose, proof, key));

  /** IE10: the device's key would make a seat's key known as well, so until there is one it is as good. */
  function opened(purpose: ProofPurpose, proof: Proof): Result<{ readonly device: DeviceRecord; readonly isOpen: boolean }, Refusal> {
    let isOpen = true;
    const device = known(proof, ({ key, seatKey }) => {
      isOpen = proofs.proves(purpose, proof, seatKey ?? key);
      return isOpen || proofs.proves(purpose, proof, key);
    });
    return device.ok ? ok({ device: device.value, isOpen }) : device;
  }

  /** IR3. */
  function standing(device: DeviceRecord): Result<Actor, Refusal> {
    if (device.state === 'lost') return err('wipe');
    if (device.state === 'revoked') return err('revoked');
    // Whoever waits for a confirmation has proved nothing that counts yet; `unknown` would tell it that it is over.
    if (device.state === 'waiting') return err('unproved');
    const actor = actorOf(registry.state, device.tag, now());
    return actor ? ok(actor) : err('unknown');
  }

  const unlockOf = ({ half }: DeviceRecord): CheckedIn['unlock'] => ({ half, until: now() + offlineDays * dayMs });

  const audit = (device: DeviceRecord, act: string) => ({ community: device.community, by: `device:${device.tag}`, act, on: device.tag, detail: { person: device.person } });

  return {
    joinState(proof) {
      const device = proved('join', proof);
      return device.ok ? ok(joinStateOf(device.value)) : device;
    },

    ticket(proof) {
      const asked = opened('ticket', proof);
      if (!asked.ok) return asked;
      const { device, isOpen } = asked.value;
      if (isOpen && proof.unsent) contacts.holds(device.tag, proof.unsent);
      const actor = standing(device);
      if (!actor.ok) return actor;
      return isOpen ? ok({ ...tickets.issue(actor.value), actor: actor.value, unlock: unlockOf(device), files: fileKeys.grant(actor.value, device.seatKey ?? device.key) }) : err('locked');
    },

    checkIn(proof) {
      const device = proved('check-in', proof);
      if (!device.ok) return device;
      const actor = standing(device.value);
      return actor.ok ? ok({ serverNow: now(), unlock: unlockOf(device.value) }) : actor;
    },

    async seatKey(proof) {
      const device = known(proof, ({ key }) => proofs.provesSeatKey(proof, key));
      if (!device.ok) return device;
      return registry.change<object, Refusal | 'taken'>((state) => {
        const before = state.devices.get(proof.device) ?? device.value;
        const actor = standing(before);
        if (!actor.ok) return actor;
        const { seatKey } = before;
        if (seatKey) return seatKey.x === proof.key.x && seatKey.y === proof.key.y ? ok({ answer: {} }) : err('taken');
        return ok({ change: { devices: [{ ...before, seatKey: proof.key }], audit: audit(before, 'seatKey') }, answer: {} });
      });
    },

    async recovery(proof) {
      const asking = proved('recovery', proof);
      if (!asking.ok) return asking;
      return registry.change<Recovery | object, 'not-allowed'>((state) => {
        const device = state.devices.get(proof.device);
        if (device?.state !== 'active') return err('not-allowed');
        const { newPin, ...rest } = device;
        // Said twice, it is done once.
        if (proof.done) return ok({ change: newPin?.attempt === undefined ? undefined : { devices: [rest], audit: audit(device, 'newPinSet') }, answer: {} });
        const { attempt = '' } = proof;
        const isTheirs = newPin?.attempt === undefined || (attempt !== '' && attempt === newPin.attempt);
        if (!newPin || newPin.until <= now() || !isTheirs) return err('not-allowed');
        const { detail, ...line } = audit(device, 'releaseRecovery');
        const change = { devices: [{ ...device, newPin: { ...newPin, attempt } }], audit: { ...line, detail: { ...detail, allowedBy: newPin.by } } };
        return ok({ change, answer: { half: device.recoveryHalf } });
      });
    },

    async wiped(proof) {
      const asking = proved('wiped', proof);
      if (!asking.ok) return asking;
      return registry.change((state) => {
        const device = state.devices.get(proof.device);
        if (!device || !isEnded(device)) return err('not-now');
        if (device.wipedAt !== undefined) return ok({ answer: {} });
        contacts.holds(device.tag, { saved: 0, refused: 0 });
        return ok({ change: { devices: [{ ...device, wipedAt: now() }], audit: audit(device, 'wiped') }, answer: {} });
      });
    },

    handingOver(proof) {
      const asking = opened('handover', proof);
      if (!asking.ok) return asking;
      const { device, isOpen } = asking.value;
      // IE11: not all that was stated on it before is its person's to state.
      if (!isEnded(device) && (device.state !== 'active' || device.earlier === undefined)) return err('not-now');
      return isOpen ? ok(device) : err('locked');
    },
  };
}
