/**
 * Lets a few through at a time, in the order they came. Sockets need it: Chromium holds a page's handshakes back, by up to
 * seconds each, once about ten of them are unanswered, and a tablet opens twenty rooms at once.
 */
export class Turnstile<T> {
  readonly #max: number;
  readonly #inside = new Set<T>();
  readonly #waiting = new Map<T, () => void>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Runs `begin` when there is room; who is waiting or inside already does not queue twice. */
  enter(one: T, begin: () => void): void {
    if (!this.#inside.has(one)) this.#waiting.set(one, begin);
    this.#admit();
  }

  leave(one: T): void {
    this.#waiting.delete(one);
    if (this.#inside.delete(one)) this.#admit();
  }

  clear(): void {
    this.#waiting.clear();
    this.#inside.clear();
  }

  #admit(): void {
    for (const [one, begin] of this.#waiting) {
      if (this.#inside.size >= this.#max) return;
      this.#waiting.delete(one);
      this.#inside.add(one);
      begin();
    }
  }
}
