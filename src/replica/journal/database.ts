/**
 * The journal's own IndexedDB database: the truth on this tablet. Everything here can be lost only with the tablet;
 * everything in the projection can be folded again from here.
 */
import { Dexie, type EntityTable, type Table } from 'dexie';
import type { Actor } from '../../domain/kernel/actor.ts';
import type { Fields, Value } from '../../domain/kernel/fact.ts';
import type { Bundle } from '../../protocol/bundle.ts';
import type { FilesGrant } from '../../protocol/files.ts';
import type { BroughtBundle, Draft, TrayEntry } from '../contract.ts';

export interface UpdateRow {
  seq: number;
  room: string;
  bytes: Uint8Array;
}

/** Facts that are only here until the server has them on its disk. */
export interface OutboxRow {
  /** The seq of the update that carries them. */
  seq: number;
  room: string;
  /** Confirmed once the server holds `client` up to `clockEnd`. */
  client: number;
  clockEnd: number;
  facts: { id: string; json: string }[];
  savedAt: number;
}

export interface SnapshotRow {
  room: string;
  /** Every update up to this seq is inside. */
  seq: number;
  bytes: Uint8Array;
}

export interface RoomRow {
  room: string;
  /** The server's head this copy is known to contain, for rooms read as snapshots; 0 for live ones. */
  head: number;
  /** True once the server's whole room has arrived here. */
  filled: boolean;
}

/** A command that was done, so that asking again after a crash or a change of tabs does not do it twice. */
export interface RequestRow {
  request: string;
  at: number;
  facts: { fact: string; room: string; record: string }[];
}

export interface QuarantineRow {
  id: string;
  room: string;
  json: string;
  at: number;
}

/** A bundle that came by file: kept as it came, to be carried on until the server has it. */
export interface BundleRow extends BroughtBundle {
  bundle: Bundle;
}

/** What a bundle brought into one room. */
export interface BroughtRow {
  key: string;
  bundle: string;
  room: string;
  author: Actor;
  facts: { id: string; json: string }[];
  broughtAt: number;
}

/** What the last ticket said files are signed and sealed with. */
export interface FilesRow {
  key: 'own';
  files: FilesGrant;
}

/** What is known of a photo that was taken here; its bytes stand apart, so that knowing costs little. */
export interface PhotoRow {
  photo: string;
  /** As it lies on the disk. */
  size: number;
  keptAt: number;
  /** The records that name it; none while it stands in a form. */
  named: { room: string; record: string }[];
  /** -1, or after which restore of the server it was confirmed (0 for none). */
  confirmed: number;
}

export interface PhotoBytesRow {
  key: string;
  bytes: Uint8Array;
}

export interface Journal {
  updates: EntityTable<UpdateRow, 'seq'>;
  outbox: EntityTable<OutboxRow, 'seq'>;
  snapshots: EntityTable<SnapshotRow, 'room'>;
  rooms: EntityTable<RoomRow, 'room'>;
  requests: EntityTable<RequestRow, 'request'>;
  tray: EntityTable<TrayEntry & { set: Fields }, 'fact'>;
  quarantine: EntityTable<QuarantineRow, 'id'>;
  drafts: EntityTable<Draft, 'id'>;
  bundles: EntityTable<BundleRow, 'id'>;
  brought: EntityTable<BroughtRow, 'key'>;
  files: EntityTable<FilesRow, 'key'>;
  photos: EntityTable<PhotoRow, 'photo'>;
  photoBytes: EntityTable<PhotoBytesRow, 'key'>;
  device: Table<{ key: string; value: Value }, string>;
}

export type JournalDatabase = Dexie & Journal;

export const journalName = (replica: string): string => `linhuo-${replica}-journal`;

export async function openJournalDatabase(replica: string): Promise<JournalDatabase> {
  // Opened by whoever keeps it open, and not by the next one who asks: it may have to be filled first (JN8).
  // Strict: a transaction is complete when the disk says so, not the operating system; the word "saved" has to outlive a flat battery.
  const database = new Dexie(journalName(replica), { autoOpen: false, chromeTransactionDurability: 'strict' }) as JournalDatabase;
  database.version(1).stores({
    updates: '++seq, room',
    outbox: 'seq, room',
    snapshots: 'room',
    rooms: 'room',
    requests: 'request, at',
    tray: 'fact',
    quarantine: 'id',
    drafts: 'id, changedAt',
    device: 'key',
  });
  database.version(2).stores({ bundles: 'id', brought: 'key', files: 'key' });
  database.version(3).stores({ photos: 'photo', photoBytes: 'key' });
  await database.open();
  return database;
}
