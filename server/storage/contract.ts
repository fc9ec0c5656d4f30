/**
 * What the server asks of a disk. Two implementations stand under one contract suite (`tests/contract`).
 *
 * - ST1 `append` is all or nothing over the whole batch, and durable (fsync) when it resolves.
 * - ST2 A room's updates come back in the order they were appended, after any restart.
 * - ST3 An append that does not start at the room's head is refused as a whole: two writers can't both be right.
 * - ST4 Every update is chained to its predecessor: `hash = sha256(previous hash ‖ bytes)`. A room whose bytes no longer
 *   match its chain is damaged: it is not opened, and nothing is repaired by leaving something out.
 * - ST5 Compaction replaces a room's updates by one snapshot and keeps the head; a ledger room's updates are kept.
 * - ST6 Client bindings are stored with the update that made them, in the same transaction.
 * - ST7 A second process can't open the same data folder.
 * - ST17 `putAll` is all or nothing over its values, and durable when it resolves.
 * - ST18 A room that is made anew keeps its name, its chain and its count; nothing else of what it held stays in the store, what
 *   was refused for it included: neither in rows nor in bytes that a later row may overwrite. Its earlier clients are retired.
 * - ST8 Quarantine is bounded in number and bytes: the oldest refusals make room for new ones.
 * - PH6 A photo is kept whole and only under the name that is its SHA-256; a part of one is durable when it is answered for.
 * - PH8 A photo that is removed leaves none of its bytes in the store.
 */

export interface StoredRoom {
  /** Number of updates ever appended; 0 for a room nobody has written to. */
  readonly head: number;
  readonly snapshot: Uint8Array | undefined;
  /** The updates after the snapshot, in order. */
  readonly tail: readonly Uint8Array[];
  /** Yjs client id → tag of the device that owns it in this room. */
  readonly clients: ReadonlyMap<number, string>;
}

export interface StoredUpdate {
  readonly bytes: Uint8Array;
  readonly device: string;
  readonly person: string;
  /** Server clock, epoch ms. */
  readonly at: number;
}

export interface RoomAppend {
  readonly room: string;
  /** The head this append continues. */
  readonly after: number;
  readonly updates: readonly StoredUpdate[];
  readonly clients: readonly (readonly [client: number, device: string])[];
}

/** A room's next beginning. */
export interface Rebasing {
  readonly room: string;
  /** The head it continues. */
  readonly after: number;
  /** Everything it holds from now on, under one client of its own. */
  readonly snapshot: Uint8Array;
  readonly client: number;
}

/** Whose clients are whose in a room that was made anew; no tag of a device begins with a dot. */
export const retiredTag = '.retired';
export const wholeTag = '.whole';

export interface QuarantinedUpdate {
  readonly room: string;
  readonly device: string;
  readonly person: string;
  readonly reason: string;
  /** The fact at fault, '' where none could be read. */
  readonly fact: string;
  readonly bytes: Uint8Array;
  readonly at: number;
}

export interface RoomHeadRow {
  readonly room: string;
  readonly head: number;
}

/** A photo on its way in. What one tablet has begun, another cannot spoil. */
export interface PhotoUpload {
  readonly community: string;
  readonly photo: string;
  readonly device: string;
}

export interface PhotoKey {
  readonly community: string;
  readonly photo: string;
}

export interface Storage {
  /** @throws StorageError `damaged` when the room's bytes do not match its chain */
  openRoom(room: string): Promise<StoredRoom>;
  append(batch: readonly RoomAppend[]): Promise<void>;
  /** @param upTo the head the snapshot stands for; later updates stay as they are */
  compact(room: string, snapshot: Uint8Array, upTo: number): Promise<void>;
  /** ST18. All or nothing, and durable when it resolves. @throws StorageError `conflict` for a room that keeps everything */
  rebase(rebasing: Rebasing): Promise<void>;
  /** Rooms whose name starts with `prefix` and that hold at least one update, by name. */
  heads(prefix: string): Promise<readonly RoomHeadRow[]>;
  /** Walks every update of a room that is still kept, archive included. @returns how many match the chain */
  audit(room: string): Promise<number>;
  quarantine(entry: QuarantinedUpdate): Promise<void>;
  /** Newest first. */
  quarantined(limit: number): Promise<readonly QuarantinedUpdate[]>;
  get(key: string): Promise<string | undefined>;
  /** Durable when it resolves. */
  put(key: string, value: string): Promise<void>;
  putAll(entries: ReadonlyMap<string, string>): Promise<void>;
  /** Keys that start with `prefix`, with their values. */
  entries(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** What has come of a photo so far, in order and without a gap. */
  photoParts(upload: PhotoUpload): Promise<Uint8Array>;
  /** @throws StorageError `conflict` when the part does not begin where the parts before it end */
  addPhotoPart(upload: PhotoUpload, offset: number, bytes: Uint8Array, at: number): Promise<void>;
  dropPhotoParts(upload: PhotoUpload): Promise<void>;
  /** Also removes its parts. @throws StorageError `conflict` when the bytes are not what the name says */
  keepPhoto(key: PhotoKey, bytes: Uint8Array, at: number): Promise<void>;
  hasPhoto(key: PhotoKey): Promise<boolean>;
  /** @throws StorageError `damaged` when the bytes are not what the name says */
  photo(key: PhotoKey): Promise<Uint8Array | undefined>;
  /** Of all communities. */
  photos(): Promise<readonly PhotoKey[]>;
  /** Together, of one community. */
  photoBytes(community: string): Promise<number>;
  removePhotos(community: string, photos: readonly string[]): Promise<void>;
  /** Parts of photos whose last one came before this moment. */
  dropStalePhotoParts(before: number): Promise<void>;
  close(): Promise<void>;
}

/** Photos one device may have begun and not finished; the oldest gives way. */
export const photoUploadsMax = 8;

export const quarantineMax = 1_000;
export const quarantineMaxBytes = 64 * 1_048_576;

/** Ledgers are evidence: compaction moves their updates to an archive instead of dropping them. */
export const keepsEverything = (room: string): boolean => room.split('/')[2] === 'ledger';

export type StorageFault =
  /** Another process holds the data folder. */
  | 'locked'
  /** No space left: nothing was written, a later append may succeed. */
  | 'full'
  /** The room changed under the caller. */
  | 'conflict'
  /** The store was written by a version this one can't read. */
  | 'version'
  /** Bytes on disk don't match their chain. */
  | 'damaged'
  /** The disk failed. What was handed over may or may not be there: the process must end and read again. */
  | 'broken';

export class StorageError extends Error {
  readonly fault: StorageFault;
  constructor(fault: StorageFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.fault = fault;
  }
}
