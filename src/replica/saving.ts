/**
 * From a tap to the journal.
 *
 * - RP1 The answer "saved" comes only after the journal's transaction is complete.
 * - RP2 A request is done once: asked again, also while it is under way, it answers with the facts of the first time.
 * - RP4 A save needs neither network nor projection.
 * - PH4 A record never names a photo that is nowhere.
 * - IM13 Of a command of many records it is told how far it is.
 * - IM7 A command of any size is in the journal whole or not at all, in updates that each fit into a message.
 */
import * as v from 'valibot';
import { commandNamed } from '../domain/commands.ts';
import type { Actor } from '../domain/kernel/actor.ts';
import type { CommandError, Decision, RecordRef, Statement } from '../domain/kernel/command.ts';
import { inputError } from '../domain/kernel/edit.ts';
import { historyOf, inverseOf, restorationOf } from '../domain/kernel/history.ts';
import { createIdSource, secondAt } from '../domain/kernel/ids.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { sameRoom, type RoomAddress } from '../domain/kernel/room.ts';
import { anyNames, photosIn } from '../domain/photos/photo.ts';
import { formatRoomName, parseRoomName } from '../protocol/roomName.ts';
import type { Saved, WorkDone } from './contract.ts';
import type { Health } from './health.ts';
import type { RequestRow } from './journal/database.ts';
import type { Device } from './journal/device.ts';
import type { Append, JournalWriter } from './journal/journal.ts';
import type { Outbox } from './journal/outbox.ts';
import type { KeptPhotos } from './photos/kept.ts';
import { outboxFacts } from './rooms/rebuild.ts';
import type { Room, Staged } from './rooms/room.ts';
import type { LoadedRoom } from './rooms/rooms.ts';
import { inParts, stateFacts } from './rooms/state.ts';
import type { Shelf } from './shelf.ts';

/** What is smaller is done before anybody could read a figure. */
const unfiguredMax = 250;

type Answer = Result<Saved, CommandError>;

/** A share of a command, all of one room, staged and on its way into the journal. */
interface Share {
  readonly loaded: LoadedRoom;
  readonly staged: Staged;
  readonly append: Append;
}

export interface SavingParts {
  readonly journal: JournalWriter;
  readonly device: Device;
  readonly shelf: Shelf;
  readonly outbox: Outbox;
  readonly health: Health;
  readonly photos: Pick<KeptPhotos, 'holds' | 'named'>;
  actor(): Actor;
  work(work: WorkDone): void;
  /** A room holds something new to send. */
  toSend(room: Room): void;
}

export class Saving {
  readonly #parts: SavingParts;
  readonly #ids: ReturnType<typeof createIdSource>;
  readonly #underWay = new Map<string, Promise<Answer>>();

  constructor(parts: SavingParts) {
    this.#parts = parts;
    this.#ids = createIdSource(parts.device.tag, () => Date.now(), parts.device.lastSecond);
  }

  run(request: string, command: string, input: unknown): Promise<Answer> {
    const known = this.#underWay.get(request);
    if (known) return known;
    const answer = this.#run(request, command, input).finally(() => this.#underWay.delete(request));
    this.#underWay.set(request, answer);
    return answer;
  }

  /** Looks into rooms as a command would, and decides nothing. */
  async look<T>(rooms: readonly RoomAddress[], see: (decision: Decision) => T): Promise<Result<T, CommandError>> {
    const loaded = await this.#read(() => this.#parts.shelf.loadAll(rooms));
    return loaded.ok ? ok(see(this.#decision(Date.now()))) : loaded;
  }

  async #run(request: string, command: string, input: unknown): Promise<Answer> {
    const { shelf, journal, actor } = this.#parts;
    const done = await this.#read(() => journal.request(request));
    if (!done.ok) return done;
    if (done.value) return ok(savedFrom(done.value));
    const declared = commandNamed(command);
    if (!declared) throw new Error(`unknown command ${command}`);
    const parsed = v.safeParse(declared.input, input);
    if (!parsed.success) return err(inputError(parsed.issues));
    const now = Date.now();
    let rooms = declared.rooms(parsed.output, actor(), now);
    for (;;) {
      do {
        const loaded = await this.#read(() => shelf.loadAll(rooms));
        if (!loaded.ok) return loaded;
      } while (shelf.isHeld(rooms));

      // From here to the append nothing is awaited: no other command can decide on the same state, no room be replaced.
      const decided = declared.decide(parsed.output, { ...this.#decision(now), progress: (done, total) => this.#parts.work({ request, phase: 'deciding', done, total }) });
      if (!decided.ok) return decided;
      // An id says the month it belongs to, and ids never run backwards: the turn of a month in between, or a clock that was
      // ahead and is set right, brings a birth to a room that nobody named. It is loaded, and decided on once more.
      const unnamed = decided.value.map(({ room }) => room).filter((room) => !rooms.some((each) => sameRoom(each, room)));
      if (unnamed.length === 0) {
        if (this.#namesLostPhoto(decided.value)) return err({ type: 'Invalid', field: 'photos', why: 'photo-gone' });
        const { shares, row } = this.#stage(request, decided.value, now);
        return shelf.saving(this.#journal(shares, row));
      }
      rooms = [...rooms, ...unnamed];
    }
  }

  /** PH4: a photo is on this tablet, or the record named it before. */
  #namesLostPhoto(statements: readonly Statement[]): boolean {
    return statements.some(({ room, record, set }) =>
      photosIn(set).some((photo) => !this.#parts.photos.holds(photo) && !anyNames(this.#loaded(formatRoomName(room)).room.factsOf(record), photo)),
    );
  }

  /** What has to be read before anything can be decided: a disk that cannot be read refuses the save like one that is full. */
  async #read<T>(work: () => Promise<T>): Promise<Result<T, CommandError>> {
    try {
      return ok(await work());
    } catch (error) {
      return err(this.#parts.health.refused(error));
    }
  }

  #loaded(name: string): LoadedRoom {
    const loaded = this.#parts.shelf.rooms.get(name);
    if (!loaded) throw new Error(`a command reached into ${name} without naming it`);
    return loaded;
  }

  #decision(now: number): Decision {
    const room = (address: RoomAddress): Room => this.#loaded(formatRoomName(address)).room;
    const facts = (ref: RecordRef) => room(ref.room).factsOf(ref.record);
    return {
      actor: this.#parts.actor(),
      now,
      newId: (prefix) => this.#ids.newId(prefix),
      newSecond: () => this.#ids.newSecond(),
      find: (address, record) => room(address).find(record),
      every: (address, kind) => [...room(address).every(kind)].filter((folded) => !folded.deleted),
      history: (ref) => historyOf(facts(ref)),
      inverse: (ref, fact) => inverseOf(facts(ref), fact),
      restoration: (ref, fact) => restorationOf(facts(ref), fact),
    };
  }

  /** Stages every room's share before the first is journalled: a command is in the journal whole or not at all (JN2). */
  #stage(request: string, statements: readonly Statement[], now: number): { shares: Share[]; row: RequestRow } {
    const { device, actor } = this.#parts;
    const stating = { actor: actor(), now, nextFactId: () => device.nextFactId() };
    const stated = [...Map.groupBy(statements, (statement) => formatRoomName(statement.room))].map(([name, own]) => {
      const loaded = this.#loaded(name);
      return { loaded, facts: stateFacts(loaded.room, own, stating) };
    });
    const row: RequestRow = {
      request,
      at: now,
      facts: stated.flatMap(({ loaded, facts }) => facts.map((fact) => ({ fact: fact.id, room: loaded.room.name, record: fact.record }))),
    };
    const ahead = this.#ids.lastSecond > secondAt(now);
    if (ahead) device.lastSecond = this.#ids.lastSecond;
    const parts = stated.flatMap(({ loaded, facts }) => inParts(facts).map((part) => ({ loaded, facts: part })));
    const shares = parts.map(({ loaded, facts }, index): Share => {
      const staged = loaded.room.stage(facts);
      const outbox = { client: staged.client, clockEnd: staged.clockEnd, facts: outboxFacts(facts), savedAt: now };
      const photos = facts.flatMap(({ record, set }) => photosIn(set).map((photo) => ({ photo, record })));
      const append = { room: loaded.room.name, bytes: staged.bytes, outbox, ...(photos.length > 0 ? { photos } : {}), failed: () => loaded.room.retreat(), ...(index === 0 ? { request: row, ...(ahead ? { lastSecond: device.lastSecond } : {}) } : {}) };
      return { loaded, staged, append };
    });
    return { shares, row };
  }

  /** RP1. */
  async #journal(shares: readonly Share[], row: RequestRow): Promise<Answer> {
    const { journal, health, work } = this.#parts;
    for (const { loaded } of shares) loaded.staging += 1;
    const { request, facts } = row;
    const told = (phase: WorkDone['phase'], done: number, total: number): void => (facts.length > unfiguredMax ? work({ request, phase, done, total }) : undefined);
    let taken = 0;
    try {
      told('writing', 0, 0);
      await Promise.all(
        shares.map(async (share) => {
          this.#saved(share, await journal.append(share.append));
          taken += share.append.outbox?.facts.length ?? 0;
          told('taken', taken, facts.length);
        }),
      );
      health.storage = 'ok';
      return ok(savedFrom(row));
    } catch (error) {
      return err(health.refused(error));
    } finally {
      for (const { loaded } of shares) loaded.staging -= 1;
    }
  }

  /** Durable: now it may be sent and shown. */
  #saved({ loaded, staged, append }: Share, seq: number): void {
    const { outbox, shelf, photos, toSend } = this.#parts;
    loaded.seq = Math.max(loaded.seq, seq);
    loaded.tailUpdates += 1;
    loaded.tailBytes += staged.bytes.length;
    if (append.outbox) outbox.add({ ...append.outbox, room: append.room, seq });
    for (const { photo, record } of append.photos ?? []) photos.named([photo], { room: append.room, record });
    const change = loaded.room.apply(staged.bytes, 'local');
    toSend(loaded.room);
    shelf.show(loaded, change);
  }
}

const savedFrom = (row: RequestRow): Saved => ({
  facts: row.facts.flatMap(({ fact, room, record }) => {
    const address = parseRoomName(room);
    return address ? [{ fact, ref: { room: address, record } }] : [];
  }),
});
