/** The reference server asks for this only when YPERSISTENCE is set, which the benchmarks never do. */
export class LeveldbPersistence {
  constructor() {
    throw new Error('The reference server runs in memory here: unset YPERSISTENCE.');
  }
}
