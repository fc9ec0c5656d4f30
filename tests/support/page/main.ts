/** A page with nothing but replicas: what the app's pages use, without its screens. */
import { openReplica, type OpenedReplica } from '../../../src/replica/open.ts';
import type { Live, SyncStatus } from '../../../src/replica/contract.ts';

const opened = new Map<string, OpenedReplica>();
const troubles: string[] = [];

/** The first value that satisfies `test`, or the last one seen when the time is over. */
function when<T>(live: Live<T>, test: (value: T) => boolean, timeoutMs = 20_000): Promise<T> {
  return new Promise((resolve, reject) => {
    let last: T | undefined;
    let stop = (): void => {};
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`not reached in ${timeoutMs} ms; last: ${JSON.stringify(last)?.slice(0, 2_000)}`));
    }, timeoutMs);
    let done = false;
    stop = live.subscribe((value) => {
      last = value;
      if (done || !test(value)) return;
      done = true;
      clearTimeout(timer);
      queueMicrotask(() => stop());
      resolve(value);
    });
  });
}

const harness = {
  opened,
  troubles,
  when,
  /** Sits down on a demo seat with a replica of this name. */
  async sit(replica: string, seat: string) {
    const seating = { replica, seat, server: location.origin };
    const made = await openReplica(seating, (error) => troubles.push(String(error)));
    opened.set(replica, made);
    return made.calls.open(seating);
  },
  at(replica: string): OpenedReplica {
    const made = opened.get(replica);
    if (!made) throw new Error(`no replica ${replica}`);
    return made;
  },
  filled: (replica: string) => when<SyncStatus>(harness.at(replica).status, (status) => status.filled && status.link === 'online'),
  confirmed: (replica: string) =>
    when<SyncStatus>(harness.at(replica).status, (status) => status.saved + status.sent === 0 && status.link === 'online'),
};

export type Harness = typeof harness;
declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
