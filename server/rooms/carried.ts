/**
 * What a bundle says of one room goes through the gate as its author's own update: the same cells, the author's rights, the
 * author's device as the owner of the Yjs client. So the author's tablet, back on the wire, finds its facts on the disk.
 *
 * - BF5 The gate judges what is carried with the rights of who stated it.
 */
import { accessTo } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { messageMaxBytes } from '../../src/protocol/messages.ts';
import { encodeRuns, type Run } from '../../src/protocol/updateCodec.ts';
import type { Room } from './room.ts';

export interface CarriedRefusal {
  readonly refusal: Refusal;
  /** What was refused, for the quarantine. */
  readonly bytes: Uint8Array;
}

/** Resolves once it is on the disk. @throws StorageError */
export function submitCarried(room: Room, runs: readonly Run[], actor: Actor): Promise<Result<null, CarriedRefusal>> {
  const bytes = encodeRuns(runs);
  return new Promise((resolve, reject) => {
    const submitter = { actor, access: accessTo(actor, room.address) };
    const accepted = room.submit(bytes, messageMaxBytes, submitter, (fault) => (fault ? reject(fault) : resolve(ok(null))));
    if (!accepted.ok) resolve(err({ refusal: accepted.error, bytes }));
  });
}
