/**
 * Bundle files that somebody carried here.
 *
 * - BF2 One that is not whole, not signed by whom it names, or of another community than its carrier's is refused whole.
 * - BF5 Its facts are judged with the rights that their author has now; who carries it counts for nothing.
 * - BF6 Taken again it changes nothing.
 * - BF7 What the gate refuses, and all that a device says which was ended, waits for a supervisor's review; in demo mode, where
 *   there is none, it is kept in quarantine.
 */
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import { openPart, readBundleFile, signatureFault, type BundleAnswer, type BundleRefusal, type Certificate, type ReadBundle, type RoomOutcome, type RoomPart } from '../../src/protocol/bundle.ts';
import type { Handover } from '../../src/protocol/identity.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { encodeRuns, type Cell } from '../../src/protocol/updateCodec.ts';
import type { Log } from '../log.ts';
import { takeCarried } from '../rooms/carried.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { QuarantinedUpdate } from '../storage/contract.ts';
import type { FileKeys } from './fileKeys.ts';

export interface Authors {
  /** @returns the rights this author has now; undefined when the device was ended; 'unknown' when it was never this key's */
  standing(certificate: Certificate): Actor | undefined | 'unknown';
  /** Keeps facts for a supervisor. @returns false where there is nobody to review */
  review(device: string, facts: Handover['facts']): Promise<boolean>;
  /** One line for the log of who did what. */
  note(certificate: Certificate, carrier: Actor, rooms: readonly RoomOutcome[]): Promise<void>;
}

export interface BundlesOptions {
  readonly keys: FileKeys;
  readonly rooms: Rooms;
  readonly authors: Authors;
  readonly now: () => number;
  readonly log: Log;
  quarantine(entry: QuarantinedUpdate): void;
}

export interface Bundles {
  /** @throws StorageError */
  take(carrier: Actor, content: string): Promise<Result<BundleAnswer, BundleRefusal>>;
}

interface Opened {
  readonly room: string;
  readonly part: RoomPart;
}

export function createBundles({ keys, rooms, authors, now, log, quarantine }: BundlesOptions): Bundles {
  /** Everything that can be wrong with it, before anything of it is taken. */
  async function opened(carrier: Actor, { body, certificate, bundle }: ReadBundle): Promise<Result<readonly Opened[], BundleRefusal>> {
    const { actor } = certificate;
    const fault = await signatureFault({ body, certificate, bundle }, keys.publicKey);
    if (fault) return err(fault);
    if (actor.community !== carrier.community) return err('community');
    const parts: Opened[] = [];
    for (const each of body.rooms) {
      const part = await openPart(each, actor.device, keys.keysOf(actor.community));
      if (part === 'closed' || part === 'damaged') return err('damaged');
      parts.push({ room: each.room, part });
    }
    return ok(parts);
  }

  async function aside(device: string, room: string, cells: readonly Cell[], reason: RoomOutcome['reason']): Promise<RoomOutcome> {
    const kept = await authors.review(device, cells.map(({ id, json }) => ({ room, id, json })));
    return { room, outcome: kept ? 'review' : 'refused', facts: cells.length, ...(reason && { reason }) };
  }

  /** Also what its tablet has meanwhile stated again under another Yjs client. */
  async function isHeld({ room, part: { runs } }: Opened): Promise<boolean> {
    const address = parseRoomName(room);
    const facts = address && (await rooms.open(address)).facts;
    return facts !== undefined && runs.every(({ cells }) => cells.every(({ id }) => facts.has(id)));
  }

  async function takeRoom(author: Actor, { room, part: { runs } }: Opened): Promise<readonly RoomOutcome[]> {
    const address = parseRoomName(room);
    const cells = runs.flatMap((run) => run.cells);
    if (!address) return [await aside(author.device, room, cells, 'wrong-room')];
    const open = await rooms.open(address);
    const { taken, refused, refusal } = await takeCarried(open, runs, author);
    const outcomes: RoomOutcome[] = taken > 0 ? [{ room, outcome: 'taken', facts: taken }] : [];
    if (!refusal || refused.length === 0) return outcomes;
    const { reason, fact = '' } = refusal;
    quarantine({ room, device: author.device, person: author.person, reason, fact, bytes: open.facts.hasErasures ? new Uint8Array() : encodeRuns(runs), at: now() });
    return [...outcomes, await aside(author.device, room, refused, reason)];
  }

  return {
    async take(carrier, content) {
      const read = readBundleFile(content);
      if (!read.ok) return read;
      const [bundle, second] = read.value;
      if (!bundle || second) return err('too-large');
      const parts = await opened(carrier, bundle);
      if (!parts.ok) return parts;
      const { certificate } = bundle;
      const author = authors.standing(certificate);
      if (author === 'unknown') return err('unknown-device');
      const outcomes: RoomOutcome[] = [];
      let isNew = false;
      for (const each of parts.value) {
        if (await isHeld(each)) {
          outcomes.push({ room: each.room, outcome: 'taken', facts: each.part.runs.reduce((sum, { cells }) => sum + cells.length, 0) });
          continue;
        }
        isNew = true;
        outcomes.push(...(author ? await takeRoom(author, each) : [await aside(certificate.actor.device, each.room, each.part.runs.flatMap(({ cells }) => cells), 'ended')]));
      }
      // BF6: what changes nothing is no line of the log.
      if (isNew) await authors.note(certificate, carrier, outcomes);
      log.info('a bundle was carried here', { device: certificate.actor.device, carrier: carrier.device, rooms: outcomes.map(({ room, outcome, facts }) => `${room} ${outcome} ${facts}`) });
      return ok({ rooms: outcomes });
    },
  };
}
