/**
 * The journal's tables as Dexie offers them, as far as `src/replica/journal` asks: transactions that are serialised where
 * their tables overlap and that are on disk whole or not at all, over a disk of the simulation instead of IndexedDB.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Machine } from './machine.ts';
import type { TabletDisk } from './tabletDisk.ts';

type Row = Record<string, unknown>;
type Rows = Map<unknown, Row>;
interface Scope {
  readonly tables: ReadonlySet<string>;
  readonly writes: boolean;
  readonly done: Promise<unknown>;
}

/** Which transaction the code that runs now belongs to. */
const current = new AsyncLocalStorage<Transaction>();

/** What one transaction sees: the disk, and over it what it has written itself. */
class Transaction {
  readonly #disk: TabletDisk;
  readonly #written = new Map<string, Rows>();
  readonly scope: ReadonlySet<string>;

  constructor(disk: TabletDisk, scope: ReadonlySet<string>) {
    this.#disk = disk;
    this.scope = scope;
  }
  read(table: string): Rows {
    return this.#written.get(table) ?? (this.#disk.table(table) as Rows);
  }
  write(table: string): Rows {
    const own = this.#written.get(table) ?? new Map(this.#disk.table(table) as Rows);
    this.#written.set(table, own);
    return own;
  }
  get changed(): boolean {
    return this.#written.size > 0;
  }
  apply(): void {
    for (const [name, rows] of this.#written) this.#disk.tables.set(name, rows);
  }
}

export class Tables {
  readonly machine: Machine;
  readonly disk: TabletDisk;
  readonly #open: Scope[] = [];

  constructor(machine: Machine, disk: TabletDisk) {
    this.machine = machine;
    this.disk = disk;
  }

  async transaction<T>(mode: string, tables: Table | readonly Table[], work: () => Promise<T>): Promise<T> {
    const names = new Set((Array.isArray(tables) ? (tables as readonly Table[]) : [tables as Table]).map(({ name }) => name));
    return this.within(names, mode === 'rw', work);
  }

  /** Runs in the transaction that is open here, else in one of its own. */
  async within<T>(tables: ReadonlySet<string>, writes: boolean, work: () => Promise<T> | T): Promise<T> {
    const open = current.getStore();
    if (open) {
      for (const name of tables) if (!open.scope.has(name)) throw new DOMException(`${name} is not part of the transaction`, 'NotFoundError');
      return work();
    }
    const before = this.#open.filter((each) => (each.writes || writes) && [...each.tables].some((name) => tables.has(name)));
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    const scope = { tables, writes, done };
    this.#open.push(scope);
    this.disk.busy += 1;
    try {
      await Promise.all(before.map((each) => each.done));
      return await this.#run(tables, work);
    } finally {
      this.#open.splice(this.#open.indexOf(scope), 1);
      this.disk.busy -= 1;
      end();
    }
  }

  async #run<T>(tables: ReadonlySet<string>, work: () => Promise<T> | T): Promise<T> {
    const transaction = new Transaction(this.disk, tables);
    this.disk.mustBeOpen();
    await this.disk.reading(this.machine);
    const value = await current.run(transaction, async () => work());
    if (transaction.changed)
      await this.disk.commit(this.machine, () => {
        this.disk.mustBeOpen();
        transaction.apply();
      });
    return value;
  }
}

const copied = (row: Row): Row => structuredClone(row);

export class Table {
  readonly name: string;
  readonly #tables: Tables;
  readonly #key: string;

  constructor(tables: Tables, name: string, key: string) {
    this.#tables = tables;
    this.name = name;
    this.#key = key;
  }

  read<T>(look: (rows: Rows) => T): Promise<T> {
    return this.#tables.within(new Set([this.name]), false, () => look((current.getStore() as Transaction).read(this.name)));
  }
  change<T>(work: (rows: Rows) => T): Promise<T> {
    return this.#tables.within(new Set([this.name]), true, () => work((current.getStore() as Transaction).write(this.name)));
  }

  #put(rows: Rows, row: Row, isNew: boolean): unknown {
    const key = row[this.#key] ?? this.#tables.disk.nextSeq();
    if (isNew && rows.has(key)) throw new DOMException(`${this.name} holds ${String(key)} already`, 'ConstraintError');
    rows.set(key, { ...copied(row), [this.#key]: key });
    return key;
  }

  get(key: unknown): Promise<Row | undefined> {
    return this.read((rows) => rows.get(key));
  }
  put(row: Row): Promise<unknown> {
    return this.change((rows) => this.#put(rows, row, false));
  }
  add(row: Row): Promise<unknown> {
    return this.change((rows) => this.#put(rows, row, true));
  }
  bulkPut(rows: readonly Row[]): Promise<unknown> {
    return this.change((all) => rows.map((row) => this.#put(all, row, false)));
  }
  bulkAdd(rows: readonly Row[], _options?: { readonly allKeys: true }): Promise<unknown[]> {
    return this.change((all) => rows.map((row) => this.#put(all, row, true)));
  }
  delete(key: unknown): Promise<void> {
    return this.change((rows) => void rows.delete(key));
  }
  bulkDelete(keys: readonly unknown[]): Promise<void> {
    return this.change((rows) => keys.forEach((key) => rows.delete(key)));
  }
  toArray(): Promise<Row[]> {
    return this.toCollection().toArray();
  }
  toCollection(): Collection {
    return this.filter(() => true);
  }
  filter(keep: (row: Row) => boolean): Collection {
    return new Collection(this, keep, this.#key);
  }
  orderBy(field: string): Collection {
    return new Collection(this, () => true, field);
  }
  where(field: string) {
    return {
      equals: (value: unknown) => this.filter((row) => row[field] === value),
      below: (value: number) => this.filter((row) => Number(row[field]) < value),
    };
  }
}

class Collection {
  readonly #table: Table;
  readonly #keep: (row: Row) => boolean;
  readonly #by: string;
  readonly #backwards: boolean;

  constructor(table: Table, keep: (row: Row) => boolean, by: string, backwards = false) {
    this.#table = table;
    this.#keep = keep;
    this.#by = by;
    this.#backwards = backwards;
  }
  #sorted(rows: Rows): [unknown, Row][] {
    const kept = [...rows].filter(([, row]) => this.#keep(row)).sort(([, a], [, b]) => ((a[this.#by] as number) < (b[this.#by] as number) ? -1 : 1));
    return this.#backwards ? kept.reverse() : kept;
  }
  and(also: (row: Row) => boolean): Collection {
    return new Collection(this.#table, (row) => this.#keep(row) && also(row), this.#by, this.#backwards);
  }
  reverse(): Collection {
    return new Collection(this.#table, this.#keep, this.#by, !this.#backwards);
  }
  toArray(): Promise<Row[]> {
    return this.#table.read((rows) => this.#sorted(rows).map(([, row]) => row));
  }
  last(): Promise<Row | undefined> {
    return this.#table.read((rows) => this.#sorted(rows).at(-1)?.[1]);
  }
  sortBy(field: string): Promise<Row[]> {
    return new Collection(this.#table, this.#keep, field, this.#backwards).toArray();
  }
  count(): Promise<number> {
    return this.#table.read((rows) => this.#sorted(rows).length);
  }
  primaryKeys(): Promise<unknown[]> {
    return this.#table.read((rows) => this.#sorted(rows).map(([key]) => key));
  }
  uniqueKeys(): Promise<unknown[]> {
    return this.#table.read((rows) => [...new Set(this.#sorted(rows).map(([, row]) => row[this.#by]))]);
  }
  delete(): Promise<number> {
    return this.#table.change((rows) => {
      const gone = this.#sorted(rows);
      for (const [key] of gone) rows.delete(key);
      return gone.length;
    });
  }
}

const keys: Readonly<Record<string, string>> = {
  updates: 'seq', outbox: 'seq', snapshots: 'room', rooms: 'room', requests: 'request', tray: 'fact', quarantine: 'id', drafts: 'id', photos: 'photo', photoBytes: 'key', device: 'key', bundles: 'id', brought: 'key', files: 'key',
};

/** What stands in for the Dexie database of `src/replica/journal/database.ts`. */
export function openTables(machine: Machine, disk: TabletDisk): object {
  const tables = new Tables(machine, disk);
  const named = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, new Table(tables, name, key)]));
  return {
    ...named,
    transaction: tables.transaction.bind(tables),
    isOpen: () => !disk.closed,
    open: async () => disk.open(),
    on: (event: 'close' | 'ready', run: () => void) => {
      // No browser of these worlds empties a database, so what fills one again has nothing to do.
      if (event === 'close') disk.onClose = () => machine.run(run);
    },
    close: () => undefined,
  };
}
