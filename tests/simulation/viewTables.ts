/** The projection's collections as RxDB offers them, as far as `src/replica/projection` asks, over the tablet's disk. */
import type { Machine } from './machine.ts';
import type { TabletDisk } from './tabletDisk.ts';

interface Row {
  readonly id: string;
}

class View {
  readonly #machine: Machine;
  readonly #disk: TabletDisk;
  readonly #name: string;

  constructor(machine: Machine, disk: TabletDisk, name: string) {
    this.#machine = machine;
    this.#disk = disk;
    this.#name = name;
  }
  find() {
    return {
      exec: async (): Promise<Row[]> => {
        await this.#disk.reading(this.#machine);
        return this.#disk.rows<Row>(this.#name);
      },
    };
  }
  findOne(id: string) {
    return {
      exec: async (): Promise<Row | undefined> => {
        await this.#disk.reading(this.#machine);
        return this.#disk.table(this.#name).get(id) as Row | undefined;
      },
    };
  }
  async bulkUpsert(rows: readonly Row[]): Promise<{ error: { status: number }[] }> {
    const copies = structuredClone(rows);
    await this.#disk.commit(this.#machine, () => copies.forEach((row) => this.#disk.table(this.#name).set(row.id, row)));
    return { error: [] };
  }
  async bulkRemove(ids: readonly string[]): Promise<void> {
    await this.#disk.commit(this.#machine, () => ids.forEach((id) => this.#disk.table(this.#name).delete(id)));
  }
}

/** What stands in for the RxDB database of `src/replica/projection/database.ts`. */
export function openViews(machine: Machine, disk: TabletDisk): object {
  const views = new Map<string, View>();
  const view = async (name: string): Promise<View> => {
    const known = views.get(name) ?? new View(machine, disk, name);
    views.set(name, known);
    return known;
  };
  return { rxdb: undefined, rows: view, side: view, close: async () => undefined };
}
