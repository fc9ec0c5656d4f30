/** The names of grants and claims: each says where it belongs, so that a room can be found without asking anybody. */
import type { Fields } from '../kernel/fact.ts';
import { hashOf } from '../kernel/hash.ts';
import { idTail } from '../kernel/ids.ts';

/** e.g. `grt_2026-11.shopdev.3`: the third of this device, opened in November by the server's clock. */
export const grantId = (month: string, device: string, nth: number): string => `grt_${month}.${device}.${String(nth)}`;
export const grantPattern = /^grt_\d{4}-\d{2}\.[a-z0-9]{4,8}\.[1-9]\d{0,5}$/;

const part = (id: string, nth: number): string => idTail(id).split('.')[nth] ?? '';
/** The month whose rooms hold a grant, its claims, verdicts and moves: by the server's clock, whatever a tablet's says. */
export const monthOfGrant = (id: string): string => part(id, 0);
export const deviceOfGrant = (id: string): string => part(id, 1);
export const nthOfGrant = (id: string): number => Number(part(id, 2));

/** Hexadecimal digits of SHA-256 that a claim is named by: 128 bits. */
const hashLength = 32;
export const hashPattern = /^[0-9a-f]{32}$/;

/** In this order and nothing else; a field that is not there is null. */
const hashed = ['grant', 'seq', 'prev', 'type', 'volunteer', 'points', 'reward', 'quantity', 'cancels', 'madeAt'] as const;

/** What a claim says, its place in the chain included. */
export const hashOfClaim = (fields: Fields): string => hashOf(JSON.stringify(hashed.map((name) => fields[name] ?? null))).slice(0, hashLength);

/** PN4: the id is the content, so equal claims are one and two that differ are two, and `prev` is checked by looking at ids. */
export const claimId = (fields: Fields): string => `clm_${idTail(String(fields['grant']))}.${String(fields['seq'])}.${hashOfClaim(fields)}`;
export const hashInClaim = (id: string): string => id.slice(-hashLength);

export const verdictId = (about: string): string => `vrd_${idTail(about)}`;
export const settlementId = (verdict: string): string => `stl_${idTail(verdict)}`;
export const writeOffId = (grant: string): string => `wof_${idTail(grant)}`;
/** PX5: one of a volunteer and month. */
export const lapseId = (month: string, volunteer: string): string => `pmv_${month}.x.${volunteer}`;
/** @param nth counts the moves of the month's ledger that belong together */
export const moveId = (month: string, of: string, nth: number): string => `pmv_${month}.${of}.${nth.toString(36)}`;
