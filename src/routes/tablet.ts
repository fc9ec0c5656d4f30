/** What the badge says of the whole tablet, from the replica's figures. */
import type { SyncStatus } from '$replica/contract.ts';
import type { TabletState } from '$lib/components/syncState.ts';

interface Unconfirmed {
  readonly saved: number;
  readonly sent: number;
  readonly refused: number;
}

export interface BadgeState {
  readonly state: TabletState;
  readonly count: number;
  /** Files of others that the server does not have yet: no state of this tablet's own work, and not to be forgotten (BF10). */
  readonly carrying: number;
}

/** @param unconfirmed records, not facts: people count what they wrote down */
export const badgeOf = (status: SyncStatus | undefined, unconfirmed: Unconfirmed): BadgeState => ({ ...worstOf(status, unconfirmed), carrying: status?.carrying ?? 0 });

function worstOf(status: SyncStatus | undefined, unconfirmed: Unconfirmed): Omit<BadgeState, 'carrying'> {
  // Until the replica has spoken, what is known is what lies here; that all is confirmed is its to say.
  const link = status?.link ?? 'connecting';
  const refused = status?.refused ?? unconfirmed.refused;
  // Rows follow the truth a moment later, now and then much later: that nothing waits any more is the replica's to say.
  const { saved, sent } = status && status.saved + status.sent === 0 ? { saved: 0, sent: 0 } : unconfirmed;
  // PH11: a photo that waits is something that is only here, too.
  const here = saved + (status?.photos.waiting ?? 0);
  const kept = here + sent;
  if (status && (status.storage === 'full' || status.storage === 'blocked')) return { state: 'storage', count: 0 };
  if (refused > 0) return { state: 'refused', count: refused };
  if (link === 'offline' || link === 'cut' || link === 'barred') return { state: 'offline', count: kept };
  if (here > 0) return { state: 'saved', count: here };
  if (sent > 0) return { state: 'sent', count: sent };
  return { state: status ? 'confirmed' : 'opening', count: 0 };
}
