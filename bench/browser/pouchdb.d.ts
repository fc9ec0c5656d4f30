/** The part of PouchDB the benches use; it ships no types. */
declare module 'pouchdb-browser' {
  interface Row {
    id: string;
    doc?: Record<string, unknown> & { _id: string; _rev: string };
  }
  interface Changes {
    on(event: 'change', run: (change: { id: string }) => void): this;
    cancel(): void;
  }
  interface SyncResult {
    push: { docs_written: number };
    pull: { docs_written: number };
  }
  export default class PouchDB {
    static plugin(plugin: unknown): void;
    static sync(a: PouchDB, b: PouchDB): Promise<SyncResult>;
    static replicate(from: PouchDB, to: PouchDB): Promise<{ docs_written: number }>;
    constructor(name: string, options?: { auto_compaction?: boolean });
    put(doc: object): Promise<unknown>;
    bulkDocs(docs: readonly object[]): Promise<unknown>;
    allDocs(options: { include_docs?: boolean; keys?: readonly string[]; conflicts?: boolean }): Promise<{ rows: Row[] }>;
    createIndex(options: { index: { fields: string[] } }): Promise<unknown>;
    find(query: { selector: object; sort?: object[]; limit?: number; fields?: string[] }): Promise<{ docs: Record<string, unknown>[] }>;
    changes(options: { since: 'now'; live: true }): Changes;
    close(): Promise<void>;
  }
}
declare module 'pouchdb-find' {
  const plugin: unknown;
  export default plugin;
}
