/**
 * What an enrolled tablet asks for, each time with a proof that it holds its key.
 *
 * - IE6 A ticket carries the rights of this moment, and the server's half of what opens the tablet without a network.
 * - IE7 The recovery half is given only while a new PIN may be set: for an hour after joining, and after a supervisor has
 *   allowed it; to one attempt, which is answered again when the answer was lost. The log says each time who had allowed it.
 * - IR3 A device that was ended gets `revoked`, one that was lost gets `wipe`; nothing else is given to it.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { dayMs } from '../../src/domain/kernel/time.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import type { JoinState, KeyProof, ProofPurpose, Recovery, Refused } from '../../src/protocol/identity.ts';
import type { Contacts } from './contacts.ts';
import { joinStateOf } from './joining.ts';
import type { Proofs } from './proofs.ts';
import type { DeviceRecord } from './records.ts';
import type { Registry } from './registry.ts';
import { actorOf } from './rights.ts';
import type { Tickets } from './tickets.ts';

/** For so many days a tablet opens without having reached the server, unless the settings say otherwise (CF3). */
export const offlineDaysDefault = 30;

type Refusal = Refused['error'];

export interface Tablets {
  joinState(proof: KeyProof): Result<JoinState, Refusal>;
  ticket(proof: KeyProof): Result<{ readonly actor: Actor } & Pick<TicketGrant, 'ticket' | 'expiresAt' | 'unlock'>, Refusal>;
  recovery(proof: KeyProof): Promise<Result<Recovery | object, Refusal | 'not-allowed'>>;
  wiped(proof: KeyProof): Promise<Result<object, Refusal | 'not-now'>>;
  /** The device that may hand over: one that was ended. */
  handingOver(proof: Pick<KeyProof, 'device' | 'nonce' | 'signature'>): Result<DeviceRecord, Refusal | 'not-now'>;
}

export interface TabletsOptions {
  readonly registry: Registry;
  readonly proofs: Proofs;
  readonly contacts: Contacts;
  readonly tickets: Tickets;
  readonly now: () => number;
  readonly offlineDays?: number;
}

const isEnded = ({ state }: DeviceRecord): boolean => state === 'revoked' || state === 'lost';

export function createTablets({ registry, proofs, contacts, tickets, now, offlineDays = offlineDaysDefault }: TabletsOptions): Tablets {
  function proved(purpose: ProofPurpose, proof: Pick<KeyProof, 'device' | 'nonce' | 'signature'>): Result<DeviceRecord, Refusal> {
    const device = registry.state.devices.get(proof.device);
    if (!device) return err('unknown');
    if (!proofs.proves(purpose, proof, device.key)) return err('unproved');
    contacts.heard(device.tag);
    return ok(device);
  }

  const audit = (device: DeviceRecord, act: string) => ({ community: device.community, by: `device:${device.tag}`, act, on: device.tag, detail: { person: device.person } });

  return {
    joinState(proof) {
      const device = proved('join', proof);
      return device.ok ? ok(joinStateOf(device.value)) : device;
    },

    ticket(proof) {
      const known = proved('ticket', proof);
      if (!known.ok) return known;
      const device = known.value;
      if (proof.unsent) contacts.holds(device.tag, proof.unsent);
      if (device.state === 'lost') return err('wipe');
      if (device.state === 'revoked') return err('revoked');
      // Whoever waits for a confirmation has proved nothing that counts yet; `unknown` would tell it that it is over.
      if (device.state === 'waiting') return err('unproved');
      const actor = actorOf(registry.state, device.tag, now());
      return actor ? ok({ ...tickets.issue(actor), actor, unlock: { half: device.half, until: now() + offlineDays * dayMs } }) : err('unknown');
    },

    async recovery(proof) {
      const known = proved('recovery', proof);
      if (!known.ok) return known;
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
      const known = proved('wiped', proof);
      if (!known.ok) return known;
      return registry.change((state) => {
        const device = state.devices.get(proof.device);
        if (!device || !isEnded(device)) return err('not-now');
        if (device.wipedAt !== undefined) return ok({ answer: {} });
        contacts.holds(device.tag, { saved: 0, refused: 0 });
        return ok({ change: { devices: [{ ...device, wipedAt: now() }], audit: audit(device, 'wiped') }, answer: {} });
      });
    },

    handingOver(proof) {
      const known = proved('handover', proof);
      if (!known.ok) return known;
      return isEnded(known.value) ? known : err('not-now');
    },
  };
}
