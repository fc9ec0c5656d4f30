/**
 * Why a socket is closed or a fact refused: one closed list, the same in code, docs and on screen.
 * Codes 4400–4499 are final for a y-websocket client; 1012 and 1013 mean "come back later".
 */
import { factFaults, type FactFault } from '../domain/check.ts';

export const closeCodes = {
  badRequest: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  unknownRoom: 4404,
  /** The room must be rebuilt: an update was refused, or the room was re-based. */
  mustReset: 4409,
  tooLarge: 4413,
  tooMany: 4429,
  restarting: 1012,
  overloaded: 1013,
} as const;

/** What can be wrong with an update before its facts are even looked at; of `rebased` nobody is to blame: the room was made anew. */
export const updateFaults = [
  'malformed-update', 'too-large', 'gap', 'foreign-client', 'deletes', 'overwrite', 'unknown-root', 'nested-type', 'malformed-fact', 'read-only', 'too-fast', 'rebased',
] as const;
export type UpdateFault = (typeof updateFaults)[number];

export const refusalReasons = [...updateFaults, ...factFaults] as const;
export type RefusalReason = UpdateFault | FactFault;

export interface Refusal {
  readonly reason: RefusalReason;
  /** The fact at fault, where one could be read. */
  readonly fact?: string;
  readonly field?: string;
}
