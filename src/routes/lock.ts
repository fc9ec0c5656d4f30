/**
 * X3 A locked tablet shows nothing: a fresh load throws away the key and all that was read with it. What was half-written is
 * in its draft by then.
 */
export const lock = (): void => location.reload();

/** As long as a conversation at a door lasts, and no longer than a tablet lies unwatched on a table. */
const idleMs = 10 * 60_000;
const lookEveryMs = 15_000;
const signs = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Locks after a time without a hand on it, also when it slept meanwhile. Called once per opened seat. */
export function lockWhenIdle(): void {
  let last = Date.now();
  // A clock that was set back says nothing about how long it was.
  const look = (): void => {
    if (Date.now() - last > idleMs || Date.now() < last) lock();
  };
  // Whoever wakes a tablet that has slept must not be the one who keeps it open.
  const seen = (): void => {
    look();
    last = Date.now();
  };
  for (const sign of signs) addEventListener(sign, seen, { passive: true, capture: true });
  document.addEventListener('visibilitychange', look);
  // A page that a browser kept whole, to go back to: its key is still in it.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) lock();
  });
  setInterval(look, lookEveryMs);
}
