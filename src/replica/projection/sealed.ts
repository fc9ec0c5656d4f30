/** SL3. Rows of the view, sealed and opened: a few columns of each as one piece. */
import type { RxDocumentData, RxStorageWriteError } from 'rxdb';
import { NotSealedHere, openJson, sealJson, type Sealing } from '../sealing.ts';

type Row = RxDocumentData<Record<string, unknown>>;
type Stored = Record<string, unknown>;
type Found = { documents: Row[] };
type WriteError = RxStorageWriteError<Record<string, unknown>>;

/** Without a data key rows lie as they are. */
export const clearRows = {
  openAll: (found: Found): Promise<Found> | Found => found,
  sealAll: (_documents: readonly Row[], _path: string): ((document: Row) => Stored) => (document) => document,
  openConflicts: (errors: WriteError[]): WriteError[] => errors,
};

interface Recent {
  readonly values: readonly unknown[];
  readonly text: string;
}
/** As many pieces as one save touches, and some more. */
const recentMax = 64;

/**
 * RxDB tries each row as a new one first, and is then given the row that stands in the way: the same piece is wanted three
 * times within a moment. The last ones are therefore remembered; what a row says is made anew with each change, never altered.
 */
export class RowSealing {
  readonly #recent = new Map<unknown, Recent>();
  readonly #sealing: Sealing;
  readonly #collection: string;
  readonly #columns: readonly string[];

  constructor(sealing: Sealing, collection: string, columns: readonly string[]) {
    this.#sealing = sealing;
    this.#collection = collection;
    this.#columns = columns;
  }

  async openAll({ documents }: Found): Promise<Found> {
    return { documents: await Promise.all(documents.map((stored) => this.#open(stored))) };
  }

  /** @returns what to store in the place of a document, without waiting: it is asked in the middle of a transaction */
  async sealAll(documents: readonly Row[], path: string): Promise<(document: Row) => Stored> {
    const pieces = new Map(await Promise.all(documents.map(async (document) => [document[path], await this.#seal(document)] as const)));
    return (document) => ({ ...this.#outside(document), sealed: pieces.get(document[path]) });
  }

  /** RxDB goes on from the row that stood in the way. */
  openConflicts(errors: WriteError[]): Promise<WriteError[]> {
    return Promise.all(errors.map(async (error) => ('documentInDb' in error && error.documentInDb ? { ...error, documentInDb: await this.#open(error.documentInDb as Row) } : error))) as Promise<WriteError[]>;
  }

  #place(row: Stored): string {
    return `${this.#collection}\n${String(row['id'])}`;
  }

  #outside(row: Stored): Stored {
    return Object.fromEntries(Object.entries(row).filter(([column]) => !this.#columns.includes(column)));
  }

  async #seal(document: Row): Promise<string> {
    const values = this.#columns.map((column) => document[column]);
    const known = this.#recent.get(document['id']);
    if (known?.values.every((value, index) => value === values[index])) return known.text;
    const text = asText(await sealJson(this.#sealing, this.#place(document), this.#inside(values)));
    this.#remember(document['id'], { values, text });
    return text;
  }

  #inside = (values: readonly unknown[]): Stored => Object.fromEntries(this.#columns.map((column, index) => [column, values[index]]));

  #remember(id: unknown, recent: Recent): void {
    this.#recent.delete(id);
    this.#recent.set(id, recent);
    if (this.#recent.size > recentMax) this.#recent.delete(this.#recent.keys().next().value);
  }

  async #open(stored: Row): Promise<Row> {
    const { sealed, ...outside } = stored as Row & { sealed?: unknown };
    // Of a deleted row nothing is kept that could be opened.
    if (stored._deleted) return stored;
    if (typeof sealed !== 'string') throw new NotSealedHere(this.#place(stored));
    const known = this.#recent.get(stored['id']);
    if (known?.text === sealed) return { ...outside, ...this.#inside(known.values) } as unknown as Row;
    return { ...outside, ...((await openJson(this.#sealing, this.#place(stored), asBytes(sealed))) as object) } as unknown as Row;
  }
}

/** One letter a byte: the stock storage's walk copies text as it is, and would take bytes apart. */
function asText(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 8_192) text += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  return text;
}

function asBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
