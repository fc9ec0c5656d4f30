import { createSubscriber } from 'svelte/reactivity';

/** The present as a rune, so that "今天 14:20" becomes "昨天" on a screen that stays open over midnight. */
export function createClock(everyMs = 30_000) {
  let now = Date.now();

  const read = createSubscriber((changed) => {
    now = Date.now();
    const refresh = () => {
      now = Date.now();
      changed();
    };
    const timer = setInterval(refresh, everyMs);
    // Timers sleep with the tablet; what is seen on waking must be true at once.
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  });

  return {
    get now() {
      read();
      return now;
    },
  };
}

export const clock = createClock();
