/**
 * ER5 What a tablet keeps beside its rooms after somebody was erased: what was refused and waits in the tray, and what files had
 * brought, lose the same as the room did; what was set aside as no fact, photos of it and drafts that name the person, go.
 */
import type { Draft, TrayEntry } from './contract.ts';
import type { Drafts } from './drafts.ts';
import type { JournalDatabase } from './journal/database.ts';
import type { JournalSealing } from './journal/sealed.ts';
import type { Erased, Room } from './rooms/room.ts';

export interface ForgettingParts {
  readonly database: JournalDatabase;
  readonly sealing: JournalSealing;
  readonly drafts: Drafts;
  tray(): Promise<readonly TrayEntry[]>;
  removePhotos(photos: readonly string[]): Promise<void>;
  /** What files brought into this room. */
  forgetBrought(room: Room): Promise<void>;
}

export class Forgetting {
  readonly #parts: ForgettingParts;

  constructor(parts: ForgettingParts) {
    this.#parts = parts;
  }

  async after(room: Room, erased: Erased): Promise<void> {
    const { database, drafts, removePhotos, forgetBrought } = this.#parts;
    await this.#inTray(room);
    await forgetBrought(room);
    if (erased.photos.size > 0) await removePhotos([...erased.photos]);
    await database.quarantine.filter((row) => row.room === room.name).delete();
    for (const draft of await drafts.all()) if (names(draft, erased)) await drafts.drop(draft.id);
  }

  async #inTray(room: Room): Promise<void> {
    const { database, sealing, tray } = this.#parts;
    const kept: TrayEntry[] = [];
    const gone: string[] = [];
    for (const entry of await tray()) {
      if (entry.room !== room.name) continue;
      const fact = { id: entry.fact, record: entry.record, kind: entry.kind, base: entry.base ?? [], set: entry.set, by: '', at: entry.at };
      const left = room.remainderOf(fact);
      if (!left) gone.push(entry.fact);
      else if (left !== fact) kept.push({ ...entry, set: left.set });
    }
    const rows = await sealing.rows('tray', kept);
    await database.transaction('rw', database.tray, async () => {
      await database.tray.bulkDelete(gone);
      await database.tray.bulkPut(rows);
    });
  }
}

function names(draft: Draft, { records, texts }: Erased): boolean {
  const text = JSON.stringify([draft.id, draft.title, draft.value]);
  return [...records, ...texts].some((each) => text.includes(each));
}
