/**
 * SL3 What of the journal is sealed: the bytes of updates, snapshots and photos, and of the other tables the columns named here.
 * Clear stay what finds a row (room, ids of records, seq, times) and what the device is.
 */
import { NotSealedHere, openJson, sealedMinBytes, sealJson, type Bytes, type Sealing } from '../sealing.ts';
import type { TrayEntry, Draft } from '../contract.ts';
import type { BroughtRow, BundleRow, FilesRow, OutboxRow, QuarantineRow } from './database.ts';

interface Rows {
  outbox: OutboxRow;
  tray: TrayEntry;
  drafts: Draft;
  quarantine: QuarantineRow;
  bundles: BundleRow;
  brought: BroughtRow;
  files: FilesRow;
}
type TableName = keyof Rows;

/** Which columns, and what a row's piece is bound to besides its table. */
const tables: { readonly [Name in TableName]: { readonly columns: readonly (keyof Rows[Name] & string)[]; place(row: Rows[Name]): string } } = {
  outbox: { columns: ['facts'], place: ({ room, client, clockEnd }) => `${room}\n${client}\n${clockEnd}` },
  tray: { columns: ['set', 'base'], place: ({ room, fact }) => `${room}\n${fact}` },
  drafts: { columns: ['title', 'value'], place: ({ form, id }) => `${form}\n${id}` },
  quarantine: { columns: ['json'], place: ({ room, id }) => `${room}\n${id}` },
  bundles: { columns: ['bundle'], place: ({ id }) => id },
  brought: { columns: ['author', 'facts'], place: ({ key }) => key },
  files: { columns: ['files'], place: ({ key }) => key },
};

type BytesTable = 'updates' | 'snapshots' | 'photoBytes';

export class JournalSealing {
  readonly #sealing: Sealing | undefined;

  constructor(sealing: Sealing | undefined) {
    this.#sealing = sealing;
  }

  /** False in demo mode: nothing has to be waited for. */
  get seals(): boolean {
    return this.#sealing !== undefined;
  }

  /** @param at the room, or the photo */
  async bytes(table: BytesTable, at: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#sealing ? this.#sealing.seal(`${table}\n${at}`, bytes as Bytes) : bytes;
  }

  /** An empty update that only marks a place in the order holds nothing, and is kept as it is. */
  async openBytes(table: BytesTable, at: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#sealing && !isMark(bytes) ? this.#sealing.open(`${table}\n${at}`, bytes as Bytes) : bytes;
  }

  async rows<Name extends TableName>(name: Name, rows: readonly Rows[Name][]): Promise<Rows[Name][]> {
    const sealing = this.#sealing;
    return sealing ? Promise.all(rows.map((row) => this.#sealRow(sealing, name, row))) : [...rows];
  }

  async openRows<Name extends TableName>(name: Name, rows: readonly Rows[Name][]): Promise<Rows[Name][]> {
    const sealing = this.#sealing;
    return sealing ? Promise.all(rows.map((row) => this.#openRow(sealing, name, row))) : [...rows];
  }

  async #sealRow<Name extends TableName>(sealing: Sealing, name: Name, row: Rows[Name]): Promise<Rows[Name]> {
    const { columns, place } = tables[name];
    const inside = Object.fromEntries(columns.map((column) => [column, row[column]]));
    const outside = Object.fromEntries(Object.entries(row).filter(([column]) => !(column in inside)));
    return { ...outside, sealed: await sealJson(sealing, `${name}\n${place(row)}`, inside) } as unknown as Rows[Name];
  }

  async #openRow<Name extends TableName>(sealing: Sealing, name: Name, stored: Rows[Name]): Promise<Rows[Name]> {
    const { sealed, ...outside } = stored as Rows[Name] & { sealed?: Bytes };
    const place = `${name}\n${tables[name].place(stored)}`;
    if (!sealed) throw new NotSealedHere(place);
    return { ...outside, ...((await openJson(sealing, place, sealed)) as object) } as unknown as Rows[Name];
  }
}

const isMark = (bytes: Uint8Array): boolean => bytes.length < sealedMinBytes && bytes.every((byte) => byte === 0);
