/**
 * CE4 What is said of a certificate to whoever asks with its serial and code: what stands on the paper, and no name. A serial
 * with another code is answered like one that was never given.
 */
import { timingSafeEqual } from 'node:crypto';
import { certificateId, monthOfSerial, type CertificateFields } from '../../src/domain/certificates/schema.ts';
import { initialsOf } from '../../src/domain/kernel/ids.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import type { Verified, VerifyRequest } from '../../src/protocol/verify.ts';
import type { Rooms } from '../rooms/rooms.ts';

export type Verify = (request: VerifyRequest) => Promise<Verified>;

const same = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

export function createVerify(rooms: Pick<Rooms, 'heads' | 'open'>, demonstration: boolean): Verify {
  /** The serial says the month, and of the community two letters. */
  async function find(serial: string): Promise<CertificateFields | undefined> {
    for (const { room } of await rooms.heads('')) {
      const address = parseRoomName(room);
      if (address?.family !== 'log' || address.month !== monthOfSerial(serial) || initialsOf(address.community) !== serial.slice(0, 2)) continue;
      const record = (await rooms.open(address)).facts.durable(certificateId(serial));
      if (record && !record.deleted) return record.fields as CertificateFields;
    }
    return undefined;
  }

  return async ({ serial, code }) => {
    const found = await find(serial);
    if (!found || !same(found.code, code)) return { state: 'unknown' };
    const { issuer, issuedOn, withdrawnOn } = found;
    if (withdrawnOn !== undefined) return { state: 'withdrawn', serial, issuer, issuedOn, withdrawnOn };
    const { volunteer, from, through, hoursTenths, times, services } = found;
    return { state: 'valid', serial, volunteer, from, through, hoursTenths, times, services, issuer, issuedOn, demonstration };
  };
}
