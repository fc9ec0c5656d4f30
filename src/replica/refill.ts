/**
 * JN8 A journal that the browser emptied under the open app is written again from memory before anything else is let into
 * it: who this device is, its rooms, what is not confirmed yet, what came by file, and the tray. Drafts, closed months and
 * photos are not in memory: the form that is open keeps its own words, months are fetched again, and a photo that the server lacks is lost.
 */
import type { Value } from '../domain/kernel/fact.ts';
import type { FilesGrant } from '../protocol/files.ts';
import type { TrayEntry } from './contract.ts';
import type { BroughtRow, BundleRow, JournalDatabase } from './journal/database.ts';
import { deviceRows, type Device } from './journal/device.ts';
import type { Outbox } from './journal/outbox.ts';
import type { JournalSealing } from './journal/sealed.ts';
import type { KeptPhotos } from './photos/kept.ts';
import type { PendingStates } from './projection/pending.ts';
import type { Projector } from './projection/projector.ts';
import type { Shelf } from './shelf.ts';

export interface RefillParts {
  readonly sealing: JournalSealing;
  readonly device: Device;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly projector: Projector;
  readonly states: PendingStates;
  readonly photos: Pick<KeptPhotos, 'emptied'>;
  tray(): readonly TrayEntry[];
  /** What came by file. */
  brought(): { readonly bundles: readonly BundleRow[]; readonly brought: readonly BroughtRow[] };
  files(): FilesGrant | undefined;
  /** KY8: the keys of an enrolled seat were cleared with the rest. */
  putSeatBack(): Promise<void>;
  /** Who the server last said is here. */
  known(): Value;
}

export class Refill {
  readonly #parts: RefillParts;

  constructor(parts: RefillParts) {
    this.#parts = parts;
  }

  /**
   * Before others may use a database that has just been opened.
   * @param database lets nobody else in yet, and this part even after it has waited for something else than the database
   */
  async ifEmptied(database: JournalDatabase): Promise<void> {
    const { projector, shelf, states, photos } = this.#parts;
    if ((await database.device.get('identity')) !== undefined) return;
    photos.emptied();
    await this.#parts.putSeatBack();
    await this.#write(database);
    // Its rows went with it. Writing them waits for databases that are being opened again too, so nobody waits for that here.
    states.forget();
    for (const { room, seq } of shelf.rooms.all()) {
      projector.forget(room.name);
      void projector.queue(room, room.records(), seq).catch(() => undefined);
    }
  }

  async #write(database: JournalDatabase): Promise<void> {
    const { sealing, device, shelf, outbox, tray, brought, known } = this.#parts;
    const loaded = [...shelf.rooms.all()];
    const rows = outbox.all();
    const last = Math.max(0, ...loaded.map(({ seq }) => seq), ...rows.map(({ seq }) => seq));
    const [first] = loaded;
    const byFile = brought();
    const grant = this.#parts.files();
    const [snapshotRows, outboxRows, trayRows, bundleRows, broughtRows, filesRows] = await Promise.all([
      Promise.all(loaded.map(async ({ room, seq }) => ({ room: room.name, seq, bytes: await sealing.bytes('snapshots', room.name, room.encode()) }))),
      sealing.rows('outbox', rows),
      sealing.rows('tray', tray()),
      sealing.rows('bundles', byFile.bundles),
      sealing.rows('brought', byFile.brought),
      sealing.rows('files', grant ? [{ key: 'own', files: grant }] : []),
    ]);
    const { updates, outbox: outboxTable, snapshots, rooms, tray: trayTable, device: deviceTable, bundles, brought: broughtTable, files: filesTable } = database;
    await database.transaction('rw', [updates, outboxTable, snapshots, rooms, trayTable, deviceTable, bundles, broughtTable, filesTable], async () => {
      await deviceTable.bulkPut([...deviceRows(device), { key: 'known', value: known() }]);
      // New updates must come after what the rooms have seen: the highest number once used starts the count.
      if (first) await updates.put({ seq: last, room: first.room.name, bytes: new Uint8Array([0, 0]) });
      await snapshots.bulkPut(snapshotRows);
      await rooms.bulkPut(loaded.map(({ room, filled }) => ({ room: room.name, head: 0, filled })));
      await outboxTable.bulkPut(outboxRows);
      await trayTable.bulkPut(trayRows);
      await bundles.bulkPut(bundleRows);
      await broughtTable.bulkPut(broughtRows);
      await filesTable.bulkPut(filesRows);
    });
  }
}
