/** Who sat at this tablet last, and the chairs a demo offers. Light on purpose: the first page needs this and no replica. */
import type { Actor } from '../domain/kernel/actor.ts';
import { seatsSchema, type Seat } from '../protocol/api.ts';
import * as v from 'valibot';

export type { Seat };

/** What is remembered between openings, per tablet. `actor` is known once the seat was open here. */
export interface Remembered {
  readonly seat: Seat;
  readonly actor: Actor | undefined;
  /** A person's own seat, which a PIN opens; a demo's is open to everybody. */
  readonly enrolled?: true;
}

/**
 * Several tablets can live in one browser: the demo page names each of its frames `linhuo:<tablet>`, and a frame keeps its
 * name through reloads and navigation.
 */
export const tabletName = (): string => (window.name.startsWith('linhuo:') ? window.name.slice('linhuo:'.length) : 'own');

const keyOf = (tablet: string): string => `linhuo-seat-${tablet}`;
const key = (): string => keyOf(tabletName());

export function rememberedSeat(): Remembered | undefined {
  try {
    const stored = localStorage.getItem(key());
    return stored === null ? undefined : (JSON.parse(stored) as Remembered);
  } catch {
    // Storage that cannot be read is reported when the replica opens; here it means "nobody sat here".
    return undefined;
  }
}

export const rememberSeat = (remembered: Remembered): void => localStorage.setItem(key(), JSON.stringify(remembered));

/** Nothing saved on this tablet is deleted; sitting down again finds it. */
export const forgetSeat = (): void => localStorage.removeItem(key());

/** For the demo page, which seats its frames before it loads them; whoever sits there already stays. */
export function rememberSeatOf(tablet: string, seat: Seat): void {
  if (localStorage.getItem(keyOf(tablet)) === null) localStorage.setItem(keyOf(tablet), JSON.stringify({ seat }));
}
export const forgetSeatOf = (tablet: string): void => localStorage.removeItem(keyOf(tablet));

/** `none`: the server offers no chairs. `offline`: it could not be asked. */
export async function fetchSeats(): Promise<readonly Seat[] | 'none' | 'offline'> {
  let response: Response;
  try {
    response = await fetch('/api/seats');
  } catch {
    return 'offline';
  }
  // A proxy in front of a server that is down answers 502 or 504 in its place.
  if (response.status >= 500) return 'offline';
  if (!response.ok) return 'none';
  try {
    const parsed = v.safeParse(seatsSchema, await response.json());
    return parsed.success ? parsed.output : 'none';
  } catch {
    // A network that wants a sign-in first answers everything with a page of its own.
    return 'offline';
  }
}
