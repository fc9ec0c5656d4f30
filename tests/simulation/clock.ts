/** Virtual time: it moves only when it is told to, from one due timer to the next, and lets everything settle in between. */
import type { Machine } from './machine.ts';

class Timer {
  readonly machine: Machine;
  readonly work: () => void;
  readonly everyMs: number | undefined;
  readonly order: number;
  dueAt: number;

  constructor(machine: Machine, work: () => void, dueAt: number, everyMs: number | undefined, order: number) {
    this.machine = machine;
    this.work = work;
    this.dueAt = dueAt;
    this.everyMs = everyMs;
    this.order = order;
  }
  /** What Node's own timers offer: a simulated process has nothing to keep alive. */
  unref(): this {
    return this;
  }
}

/** Nothing in a simulated world waits for the outside, so when the queue of microtasks is empty everything has settled. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Clock {
  readonly startedAt: number;
  now: number;
  readonly #timers = new Set<Timer>();
  #count = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
    this.now = startedAt;
  }

  set(machine: Machine, work: () => void, ms: number, repeats = false): Timer {
    // As in Node: no timer is due in the moment it is set.
    const delay = Math.max(1, Math.round(Number.isFinite(ms) ? ms : 1));
    const timer = new Timer(machine, work, this.now + delay, repeats ? delay : undefined, (this.#count += 1));
    if (machine.alive) this.#timers.add(timer);
    return timer;
  }

  clear(timer: unknown): void {
    if (timer instanceof Timer) this.#timers.delete(timer);
  }

  forget(machine: Machine): void {
    for (const timer of this.#timers) if (timer.machine === machine) this.#timers.delete(timer);
  }

  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    await settle();
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.now = Math.max(this.now, next.dueAt);
      await this.#fire(next);
    }
    this.now = until;
  }

  /** Everybody's machine slept: what became due meanwhile happens once, late. */
  async sleep(ms: number): Promise<void> {
    await settle();
    this.now += ms;
    const due = [...this.#timers].filter(({ dueAt }) => dueAt <= this.now).sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    for (const timer of due) if (this.#timers.has(timer)) await this.#fire(timer);
  }

  async #fire(timer: Timer): Promise<void> {
    if (timer.everyMs === undefined) this.#timers.delete(timer);
    else timer.dueAt = this.now + timer.everyMs;
    timer.machine.run(timer.work);
    await settle();
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.dueAt <= until && (!first || timer.dueAt < first.dueAt || (timer.dueAt === first.dueAt && timer.order < first.order))) first = timer;
    return first;
  }
}
