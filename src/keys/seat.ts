/** What is kept of a person's seat on this tablet, and what of it a screen may see. */
import type { Seat } from '../protocol/api.ts';
import type { PublicKey } from '../protocol/identity.ts';
import type { Sealed } from './wrapping.ts';

/**
 * `waiting` for a supervisor to compare the six digits · `needs-pin` confirmed, no PIN yet · `ready` · `locked-out` after ten
 * wrong PINs, until a supervisor allows a new one · `ended` by the server: what is unsent is handed over, then it is wiped.
 */
export type SeatState = 'waiting' | 'needs-pin' | 'ready' | 'locked-out' | 'ended';
/** `revoked`: hand over, then wipe. `wipe`: the tablet was declared lost. `unknown`: the server does not know this device. */
export type EndReason = 'revoked' | 'wipe' | 'unknown';

/** Who may sit here; `id` is the device's tag. */
export interface SeatHere extends Seat {
  /** Names the seat's databases. */
  readonly replica: string;
  readonly person: string;
  readonly joinedAt: number;
  readonly state: SeatState;
  /** While it waits: the same six digits stand on the supervisor's screen. */
  readonly digits: string;
  /** PINs that may still be wrong before it is locked. */
  readonly triesLeft: number;
  /** With `ended`. */
  readonly ended: EndReason | undefined;
  /** The digits to compare while it joins again, and until when its PIN opens it without the server. */
  readonly again: string | undefined;
  readonly opensUntil: number | undefined;
}

export interface StoredSeat {
  readonly tag: string;
  readonly seat: Seat;
  readonly person: string;
  readonly joinedAt: number;
  readonly digits: string;
  readonly confirmed: boolean;
  readonly ended: EndReason | undefined;
  /** Neither of them leaves the browser: the private key is not extractable. */
  readonly privateKey: CryptoKey;
  readonly publicKey: PublicKey;
  /** KY10: signs for the opened seat, sealed under the data key. A seat whose PIN is older has none until it is opened. */
  readonly seatKey: { readonly publicKey: PublicKey; readonly sealed: Sealed; readonly isKnown: boolean } | undefined;
  /** The server's half of what opens the data key: a key for HMAC that cannot be read out, and until when it may be used. */
  readonly half: { readonly key: CryptoKey; readonly until: number } | undefined;
  /** The data key twice: under PIN and server half, and under the half that the server releases for a new PIN alone. */
  readonly underPin: (Sealed & { readonly salt: Uint8Array<ArrayBuffer> }) | undefined;
  readonly underRecovery: Sealed | undefined;
  readonly wrong: number;
  /** The latest this tablet's clock has been: set back, it opens nothing for longer. */
  readonly seenAt: number;
  /** KY11: it joins again, with this code; who it will be, once a supervisor has compared the digits. */
  readonly again: { readonly code: string; readonly digits: string; readonly person: string; readonly seat: Seat } | undefined;
  /** KY11: who sat here until it joined again; it may be the same person with other rights. */
  readonly earlier: { readonly person: string; readonly until: number } | undefined;
  /** Names the try at a PIN that asks for the recovery half, until the PIN is set. */
  readonly attempt: string | undefined;
  /** The server is still to be told that the new PIN is set. */
  readonly tellDone: boolean;
}

export const triesMax = 10;

/** KY3. By the latest this tablet's clock has ever been. */
export const isHalfOver = ({ half, seenAt }: Pick<StoredSeat, 'half' | 'seenAt'>): boolean => half !== undefined && Math.max(Date.now(), seenAt) >= half.until;

export const replicaOf = (tag: string): string => `p-${tag}`;

export const stateOf = ({ confirmed, ended, underPin, wrong }: StoredSeat): SeatState =>
  ended ? 'ended' : !confirmed ? 'waiting' : !underPin ? 'needs-pin' : wrong >= triesMax ? 'locked-out' : 'ready';

export const seatHere = (stored: StoredSeat): SeatHere => ({
  ...stored.seat,
  replica: replicaOf(stored.tag),
  person: stored.person,
  joinedAt: stored.joinedAt,
  state: stateOf(stored),
  digits: stored.digits,
  triesLeft: Math.max(0, triesMax - stored.wrong),
  ended: stored.ended,
  again: stored.again?.digits,
  opensUntil: stored.half?.until,
});
