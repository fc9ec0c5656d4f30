/** A counter with a grant, as facts: what the authority would have stated is put into the rooms of a test's tablet. */
import type { RecordRef } from '../../src/domain/kernel/command.ts';
import type { Fact, Fields } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { dayOf, monthOf } from '../../src/domain/kernel/time.ts';
import { heldAccount, volunteerAccount } from '../../src/domain/points/accounts.ts';
import { claimId, grantId, moveId, verdictId } from '../../src/domain/redemption/ids.ts';
import { grantTail } from '../../src/domain/redemption/schema.ts';
import { anna, authority, cai, community, counter, morning, ref } from './community.ts';
import type { Tablet } from './tablet.ts';

const month = monthOf(morning);
export const ledger: RoomAddress = { community, family: 'ledger', month };
export const claims: RoomAddress = { community, family: 'claims', month };

let stated = 0;
/** As the server writes: one fact, nobody asked. */
export function written(tablet: Tablet, room: RoomAddress, kind: string, record: string, set: Fields): RecordRef {
  const fact: Fact = { id: `${authority.device}-${(stated++).toString(36)}`, record, kind, base: [], set, by: authority.person, at: morning };
  tablet.add(room, fact);
  return ref(room, record);
}

export function holds(tablet: Tablet, grant: string, volunteer: string, points: number, nth: number): void {
  written(tablet, ledger, 'pointsMove', moveId(month, grantTail(grant), nth), {
    month, volunteer, points, debit: volunteerAccount(volunteer), credit: heldAccount(grantTail(grant), volunteer), reason: 'held', occurredOn: dayOf(morning), grant,
  });
}

/** 50 points of Anna's are held for the counter's tablet, and 10 of Cai's. */
export function aGrant(tablet: Tablet): string {
  const grant = grantId(month, counter.device, 1);
  if (tablet.find(ledger, grant)) return grant;
  written(tablet, ledger, 'grant', grant, { month, device: counter.device, nth: 1, person: counter.person, openedAt: morning });
  holds(tablet, grant, anna, 50, 0);
  holds(tablet, grant, cai, 10, 1);
  return grant;
}

export const aRedemption = (tablet: Tablet): RecordRef => tablet.run('redeemPoints', { grant: aGrant(tablet), volunteer: anna, points: 20 })[0]!.ref;

export function aForkedVerdict(tablet: Tablet): RecordRef {
  const claim = { grant: aGrant(tablet), seq: 1, type: 'redeem', volunteer: anna, points: 5, madeAt: morning };
  return written(tablet, ledger, 'verdict', verdictId(claimId(claim)), { about: claimId(claim), grant: claim.grant, result: 'forked', seq: 1, type: 'redeem', volunteer: anna, points: 5, madeAt: morning, decidedAt: morning });
}
