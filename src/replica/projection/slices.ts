/** Long work in short slices, so that nobody's tap waits behind it. */

const sliceMs = 8;

export class Slices {
  #began = performance.now();

  get over(): boolean {
    return performance.now() - this.#began >= sliceMs;
  }

  /** Lets everything that waits have its turn. */
  async pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#began = performance.now();
  }
}
