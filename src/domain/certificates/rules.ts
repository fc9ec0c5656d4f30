/**
 * - CE1 Nothing of an identity card is written down, whichever field it was typed into.
 * - CE2 The serial is the device's own: its tag, and a count that it never gives twice.
 * - CE5 A certificate is taken back by a fact that says when and why; nobody changes or deletes one.
 */
import type { Decision } from '../kernel/command.ts';
import { birth, change, foundIn, type Decided } from '../kernel/decide.ts';
import { initialsOf } from '../kernel/ids.ts';
import { err, ok } from '../kernel/result.ts';
import type { RoomAddress } from '../kernel/room.ts';
import { dayOf, monthOf } from '../kernel/time.ts';
import { holdsIdentityNumber } from '../exchange/cells.ts';
import { kinds } from '../kinds.ts';
import type { IssueCertificate, WithdrawCertificate } from './inputs.ts';
import { certificateId } from './schema.ts';

export const certificateRoom = (community: string, now: number): RoomAddress => ({ community, family: 'log', month: monthOf(now) });

const typed = ['issuer', 'inCharge', 'handler', 'contact', 'note'] as const;

export function decideIssueCertificate(input: IssueCertificate, decision: Decision): Decided {
  if (input.through < input.from) return err({ type: 'Invalid', field: 'through', why: 'ends-before-start' });
  if (input.through > dayOf(decision.now)) return err({ type: 'Invalid', field: 'through', why: 'not-over' });
  const told = typed.find((field) => holdsIdentityNumber(input[field] ?? ''));
  if (told) return err({ type: 'Invalid', field: told, why: 'identity-number' });
  const serial = nextSerial(decision);
  return ok([birth(decision, kinds.certificate, certificateId(serial), { ...input, serial, issuedOn: dayOf(decision.now) })]);
}

function nextSerial(decision: Decision): string {
  const { actor, now } = decision;
  const room = certificateRoom(actor.community, now);
  for (;;) {
    const count = decision.newSecond().toString(36).padStart(5, '0');
    const serial = `${initialsOf(actor.community)}${monthOf(now).replace('-', '')}-${`${actor.device}${count}`.toUpperCase()}`;
    if (!decision.find(room, certificateId(serial))) return serial;
  }
}

export function decideWithdrawCertificate({ ref, why }: WithdrawCertificate, decision: Decision): Decided {
  const found = foundIn(decision, ref, 'certificate');
  if (!found.ok) return found;
  if (found.value.fields['withdrawnOn'] !== undefined) return ok([]);
  return ok(change(ref, found.value, { withdrawnOn: dayOf(decision.now), withdrawnWhy: why }));
}
