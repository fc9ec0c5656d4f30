/**
 * A tablet inside the demo page. The page around it cuts and joins this replica's own wire and hears how it stands;
 * nothing else of the tablet can be reached this way, and only from a page of the same origin.
 */
import type { Session } from '$client/session.ts';
import type { SyncStatus } from '$replica/contract.ts';

export interface WireOrder {
  readonly type: 'linhuo:wire';
  readonly cut: boolean;
}

export interface WireReport {
  readonly type: 'linhuo:status';
  readonly status: SyncStatus;
  /** Records of this tablet in each state, as its own badge counts them. */
  readonly saved: number;
  readonly sent: number;
}

const isTyped = (data: unknown, type: string): boolean => typeof data === 'object' && data !== null && 'type' in data && data.type === type;

export const isOrder = (data: unknown): data is WireOrder => isTyped(data, 'linhuo:wire');
export const isReport = (data: unknown): data is WireReport => isTyped(data, 'linhuo:status');

/** Called once by the root layout; does nothing on a tablet that is no frame of the demo page. */
export function followDemo(session: Session): void {
  if (window.parent === window || !window.name.startsWith('linhuo:')) return;
  let status: SyncStatus | undefined;
  const counts = { saved: 0, sent: 0 };
  const report = (): void => {
    if (status) window.parent.postMessage({ type: 'linhuo:status', status, ...counts } satisfies WireReport, location.origin);
  };
  addEventListener('message', (event) => {
    if (event.origin === location.origin && event.source === window.parent && isOrder(event.data)) void session.calls.cutWire(event.data.cut);
  });
  session.status.subscribe((now) => {
    status = now;
    report();
  });
  session.reader.pending().subscribe((rows) => {
    counts.saved = rows.filter((row) => row.state === 'saved').length;
    counts.sent = rows.filter((row) => row.state === 'sent').length;
    report();
  });
}
