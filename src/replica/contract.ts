/**
 * What the page may know of the replica: the messages it sends to the worker that owns it, the rows it reads from the
 * projection, and the states a record can be in. No database, CRDT or socket is named here.
 */
import type { Likeness, LikenessReason } from '../domain/duplicates/likeness.ts';
import type { ImportRows, TakeBackImport } from '../domain/exchange/inputs.ts';
import type { Foreseen } from '../domain/exchange/rules.ts';
import type { ForeseenTakingBack } from '../domain/exchange/takingBack.ts';
import type { CommandError, RecordRef } from '../domain/kernel/command.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { Fields, Value } from '../domain/kernel/fact.ts';
import type { Clash } from '../domain/kernel/fold.ts';
import type { HistoryEntry } from '../domain/kernel/history.ts';
import type { Result } from '../domain/kernel/result.ts';
import type { RoomFamily } from '../domain/kernel/room.ts';
import type { ArrivedRecord } from '../domain/supervision/view.ts';
import type { EndReason } from '../keys/seat.ts';
import type { OpenedSeat } from '../keys/seatKey.ts';
import type { BundleFault } from '../protocol/bundle.ts';
import type { RefusalReason } from '../protocol/closeReasons.ts';

/** Who is at this tablet. `seat` is a demo seat's id. */
export interface Seating {
  /** Names the replica's databases; two replicas can live in one browser (the demo page). */
  readonly replica: string;
  readonly seat: string;
  /** Origin of the server, e.g. `https://linhuo.example`. */
  readonly server: string;
  /** Outside demo mode: a device of its own, which signs for its tickets; what it keeps on the disk is sealed under its data key. */
  readonly enrolled?: OpenedSeat;
}

/** The server has ended this device. What only it holds is handed over for review, by itself, as long as the page is open. */
export interface Ended {
  readonly reason: EndReason;
  /** Facts that are in the server's review now, and those that are still here alone. */
  readonly handedOver: number;
  readonly left: number;
  /** PH5: photos that only this tablet has. No device that was ended can bring them. */
  readonly photos: number;
  /** Nothing more is going to be taken: the page may wipe. Never for a device that the server does not know. */
  readonly mayWipe: boolean;
}

/**
 * `saved` in the journal of this tablet · `sent` on the wire · `confirmed` on the server's disk · `refused` with a reason,
 * kept in the tray · `brought` by file from another tablet, and not confirmed. A record with several facts on the way shows the
 * least of them.
 */
export type RecordState = 'saved' | 'sent' | 'confirmed' | 'refused' | 'brought';

/** One record as the screens see it. Lists run by `order`, which is inverted so that ascending means newest first. */
export interface Row<F = Fields> {
  readonly id: string;
  readonly kind: string;
  readonly room: string;
  readonly parent: string;
  readonly holder: string;
  readonly order: string;
  readonly fields: F;
  readonly clashes: readonly Clash[];
  readonly bornAt: number;
  readonly changedAt: number;
  readonly changedBy: string;
}

/** A record of this tablet that is not confirmed yet; confirmed ones have no row. */
export interface PendingRow {
  readonly id: string;
  readonly room: string;
  readonly kind: string;
  readonly state: Exclude<RecordState, 'confirmed'>;
  readonly reason: RefusalReason | '';
  readonly facts: number;
  /** When the oldest of these facts was saved, epoch ms. */
  readonly since: number;
}

/** A bundle that came here by file, and what became of it. */
export interface BroughtBundle {
  readonly id: string;
  readonly person: string;
  readonly device: string;
  readonly createdAt: number;
  readonly broughtAt: number;
  /** How many facts it holds, and how many of them are in rooms that this tablet may not see: they are carried, and not opened. */
  readonly facts: number;
  readonly closed: number;
  readonly state: 'waiting' | 'taken' | 'refused';
  /** Why the server did not take all of it; with `waiting` what it said last. */
  readonly reason: BundleReason | '';
  /** Facts that wait for a supervisor's review. */
  readonly inReview: number;
  /** When the server answered for it; 0 while it waits. */
  readonly settledAt: number;
}
export type BundleReason = RefusalReason | BundleFault | 'ended' | 'unknown-device';

/** `needs-network`: this tablet was not on the network since files can be made. `nothing`: all that was written is confirmed. */
export type MakeFault = 'nothing' | 'needs-network';

export interface MadeBundle {
  readonly text: string;
  /** This tablet's own facts in it, and the bundles of others. */
  readonly facts: number;
  readonly others: number;
  /** Facts of this tablet in rooms it has no key for: they stay here. */
  readonly left: number;
}

export interface TakenBundle {
  readonly facts: number;
  readonly closed: number;
  /** Bundles of the file that were here before. */
  readonly again: number;
  readonly from: readonly string[];
}

/** A record on which two people disagree: the first merge report. */
export interface ClashRow {
  readonly id: string;
  readonly room: string;
  readonly family: RoomFamily;
  readonly kind: string;
  readonly fields: Fields;
  readonly clashes: readonly Clash[];
  readonly changedAt: number;
}

/** What one tablet brought in within one minute, as seen by this replica after its first sync of the room. */
export interface ArrivalRow {
  readonly id: string;
  readonly device: string;
  readonly by: string;
  /** This tablet's clock, epoch ms. */
  readonly arrivedAt: number;
  /** Births and changes by kind, e.g. `{ visit: 41 }`. */
  readonly born: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  /** '' for what is of no grid; this and what follows is missing in rows of an earlier version. */
  readonly grid?: string;
  /** When the oldest of it was written, by the clock of the tablet that brought it. */
  readonly oldestAt?: number;
  /** What of it came in for a month that was over, by kind. */
  readonly late?: Readonly<Record<string, number>>;
  /** The first few records of it. */
  readonly records?: readonly ArrivedRecord[];
}

/** Two records of this tablet that may be one; what somebody has said about them stands in the pair's own record. */
export interface LikelyRow {
  /** The id of the pair's record, whether there is one yet or not. */
  readonly id: string;
  readonly room: string;
  readonly kind: string;
  readonly one: string;
  readonly other: string;
  readonly score: number;
  readonly reasons: readonly LikenessReason[];
  /** This tablet's clock, epoch ms. */
  readonly foundAt: number;
}

export interface ContactRow {
  readonly id: string;
  readonly device: string;
  readonly person: string;
  readonly role: string;
  readonly lastContactAt: number;
}

/** The totals of one room; a figure over several rooms is their sum. */
export interface RollupRow {
  readonly id: string;
  readonly family: RoomFamily;
  readonly month: string;
  readonly tallies: Readonly<Record<string, number>>;
  readonly latest: Readonly<Record<string, { readonly order: number; readonly record: string; readonly keep: Fields }>>;
}

/** A value that changes. `run` is called at once if a value is there, then on each change. */
export interface Live<T> {
  subscribe(run: (value: T) => void): () => void;
}

export interface ListQuery {
  readonly kind: string;
  /** At most one of the two; lists a parent's or a holder's records. */
  readonly parent?: string;
  readonly holder?: string;
  readonly limit?: number;
}

/** Read-only access of the page to the projection (the same databases the worker writes). */
export interface Reader {
  list<F = Fields>(family: RoomFamily, query: ListQuery): Live<readonly Row<F>[]>;
  one<F = Fields>(family: RoomFamily, id: string): Live<Row<F> | undefined>;
  many<F = Fields>(family: RoomFamily, ids: readonly string[]): Live<readonly Row<F>[]>;
  rollups(family: RoomFamily): Live<readonly RollupRow[]>;
  pending(): Live<readonly PendingRow[]>;
  clashes(): Live<readonly ClashRow[]>;
  /** Newest first. */
  arrivals(since: number): Live<readonly ArrivalRow[]>;
  contacts(): Live<readonly ContactRow[]>;
  likely(): Live<readonly LikelyRow[]>;
  close(): Promise<void>;
}

export type LinkState = 'connecting' | 'online' | 'offline' | 'cut' | 'barred';

/** The badge, in numbers. Every word on the sync page is derived from this. */
export interface SyncStatus {
  readonly link: LinkState;
  readonly actor: Actor | undefined;
  /** Facts in each state on this tablet. */
  readonly saved: number;
  readonly sent: number;
  readonly refused: number;
  /** Last time anything was heard from the server, epoch ms; 0 if never. */
  readonly serverHeardAt: number;
  /** Rooms whose first sync is still under way, of all live rooms. */
  readonly roomsSyncing: number;
  readonly rooms: number;
  /** False until every live room has been filled once from the server: lists may still be short. */
  readonly filled: boolean;
  /** Server clock minus device clock in ms, 0 if unknown. */
  readonly clockOffsetMs: number;
  readonly storage: 'ok' | 'full' | 'blocked';
  /** PH11: photos that records name and the server does not have yet. */
  readonly photos: PhotosWaiting;
  readonly ended?: Ended;
  /** Bundles of other tablets that wait here for the server, and how often what came by file has changed. */
  readonly carrying: number;
  readonly bundlesChanged: number;
}

export interface PhotosWaiting {
  readonly waiting: number;
  readonly bytes: number;
}

/** A photo as a screen shows it. */
export interface ShownPhoto {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `small` where the whole one is neither here nor in reach. */
  readonly size: 'whole' | 'small';
}

export type NoPhoto =
  /** Not on this tablet, and no network. */
  | 'offline'
  /** The tablet that took it has not brought it yet. */
  | 'not-there'
  | 'forbidden';

export interface TrayEntry {
  readonly fact: string;
  readonly room: string;
  readonly record: string;
  readonly kind: string;
  readonly set: Fields;
  /** What it was based on; entries of an earlier version do not say. */
  readonly base?: readonly string[];
  readonly at: number;
  readonly reason: RefusalReason;
  readonly refusedAt: number;
}

export interface Draft {
  readonly id: string;
  readonly form: string;
  readonly title: string;
  readonly value: Value;
  readonly changedAt: number;
}

/**
 * IM13 How far a command of many records is: rows it has decided on, then the one write that keeps all of them or none and so has no
 * figure, then records that are on the disk and shown to everybody who asks.
 */
export interface WorkDone {
  readonly request: string;
  readonly phase: 'deciding' | 'writing' | 'taken';
  readonly done: number;
  /** 0 where there is no figure. */
  readonly total: number;
}

/** Durable in the journal when it arrives; the facts are what undo takes back. */
export interface Saved {
  readonly facts: readonly { readonly fact: string; readonly ref: RecordRef }[];
}

export interface ImportTaken {
  readonly facts: number;
  /** The record of it, by which it can be taken back. */
  readonly record: string;
}

export interface SimilarRecord extends Likeness {
  readonly id: string;
}

/** What the page asks of the worker. Each answer comes back over the same port. */
export interface ReplicaCalls {
  open(seating: Seating): Promise<Result<Actor, 'offline' | 'barred' | 'storage-blocked'>>;
  /** Runs a command of `domain/commands.ts` once, however often the request is repeated. */
  run(request: string, command: string, input: unknown): Promise<Result<Saved, CommandError>>;
  /** What a file would do here. Nothing is stated, and nothing is kept of it. */
  foreseeImport(input: ImportRows): Promise<Result<Foreseen, CommandError>>;
  /** The command `importRows`, answered in short: thousands of facts are no answer for a page. */
  importRows(request: string, input: ImportRows): Promise<Result<ImportTaken, CommandError>>;
  /** What taking an import back would do here. */
  foreseeTakingBack(input: TakeBackImport): Promise<Result<ForeseenTakingBack, CommandError>>;
  /** The command `takeBackImport`, answered in short. */
  takeBackImport(request: string, input: TakeBackImport): Promise<Result<{ readonly facts: number }, CommandError>>;
  history(ref: RecordRef): Promise<readonly HistoryEntry[]>;
  /** Ids of records whose names match by text, pinyin or initials, best first. */
  search(family: RoomFamily, kind: string, text: string, limit: number): Promise<readonly string[]>;
  /** PT3 Records of a kind that what is typed may already stand for, most alike first, with the reasons. */
  similar(family: RoomFamily, kind: string, fields: Fields, limit: number): Promise<readonly SimilarRecord[]>;
  /** Fetches closed months `from`..`to` (`YYYY-MM`) of a family that this tablet does not hold yet. */
  fetchMonths(family: RoomFamily, from: string, to: string): Promise<{ readonly missing: number }>;
  cutWire(cut: boolean): Promise<void>;
  syncNow(): Promise<void>;
  /** What the page shows the server for what no room holds: people, tablets, the log. Minutes old at most. */
  ticket(): Promise<Result<string, 'offline' | 'barred'>>;
  /** PH4: shrinks a picture and keeps it. @returns what a form and its record call it */
  keepPhoto(picture: Blob): Promise<Result<string, 'unreadable' | 'no-room' | 'storage-broken'>>;
  /** @param ref a record that names it; without one, a photo of a form on this tablet */
  photo(photo: string, size: 'whole' | 'small', ref?: RecordRef): Promise<Result<ShownPhoto, NoPhoto>>;
  /** PH11: which of these only this tablet has so far. */
  photosWaiting(photos: readonly string[]): Promise<readonly string[]>;
  drafts(): Promise<readonly Draft[]>;
  saveDraft(draft: Draft): Promise<void>;
  dropDraft(id: string): Promise<void>;
  tray(): Promise<readonly TrayEntry[]>;
  dropTrayEntry(fact: string): Promise<void>;
  /** Everything that is only on this tablet, as JSON text for a file. */
  exportUnconfirmed(): Promise<string>;
  /** BF1 What nobody has confirmed yet, as a file that another tablet and the server take. */
  makeBundle(): Promise<Result<MadeBundle, MakeFault>>;
  /** BF4 Takes a file of another tablet in; on the disk when it answers. */
  takeBundle(content: string): Promise<Result<TakenBundle, BundleFault | 'needs-network' | CommandError>>;
  /** What came by file, newest first. */
  bundles(): Promise<readonly BroughtBundle[]>;
  /** Discards the projection and folds it again from the journal. */
  rebuild(): Promise<void>;
  deviceValue(key: string): Promise<Value>;
  setDeviceValue(key: string, value: Value): Promise<void>;
  /** Leaves the seat: closes everything; nothing is deleted. */
  leave(): Promise<void>;
}
