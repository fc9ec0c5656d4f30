export interface UndoOffer {
  /** What was done, in the past tense: "已记下：张大爷未遇". */
  done: string;
  undo: () => void | Promise<void>;
}

/**
 * The one step that can still be taken back at a tap, for ten seconds; afterwards history does it.
 * The time stands still while `hold` is on, so nobody has to race a bar that goes away.
 */
export function createUndo(forMs = 10_000) {
  let offer = $state.raw<UndoOffer>();
  let failed = $state(false);
  let leftMs = forMs;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function run(): void {
    stop();
    since = performance.now();
    timer = setTimeout(drop, leftMs);
  }

  function drop(): void {
    stop();
    offer = undefined;
    failed = false;
  }

  return {
    get offer() {
      return offer;
    },
    /** True when taking it back did not work; the bar then says where else it can be done. */
    get failed() {
      return failed;
    },
    give(next: UndoOffer): void {
      offer = next;
      failed = false;
      leftMs = forMs;
      run();
    },
    hold(on: boolean): void {
      if (offer === undefined) return;
      if (!on) return run();
      if (timer !== undefined) leftMs = Math.max(0, leftMs - (performance.now() - since));
      stop();
    },
    async take(): Promise<void> {
      const taken = offer;
      if (taken === undefined || failed) return;
      stop();
      try {
        await taken.undo();
        if (offer === taken) drop();
      } catch {
        if (offer === taken) failed = true;
      }
    },
    drop,
  };
}

export type Undo = ReturnType<typeof createUndo>;

/** The tablet's one undo: routes give, the frame's bar shows. */
export const undo = createUndo();
