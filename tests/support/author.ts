/** Writes facts the way a tablet does: into a Yjs document of its own, whose updates are what goes over the wire. */
import * as Y from 'yjs';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { encodeFact, type Fact, type Fields } from '../../src/domain/kernel/fact.ts';
import { activityId, attendanceId } from '../../src/domain/activity/schema.ts';
import { factsRoot } from '../../src/protocol/messages.ts';
import { group, morning, singing } from './community.ts';

export class Author {
  readonly actor: Actor;
  doc = new Y.Doc();
  #counter = 0;

  constructor(actor: Actor) {
    this.actor = actor;
  }

  fact(record: string, kind: string, set: Fields, base: readonly string[] = []): Fact {
    const id = `${this.actor.device}-${(this.#counter++).toString(36)}`;
    return { id, record, kind, base, set, by: this.actor.person, at: morning };
  }

  /** @returns one update that carries exactly these facts */
  write(...facts: readonly Fact[]): Uint8Array {
    return this.change((map) => {
      for (const fact of facts) map.set(fact.id, encodeFact(fact));
    });
  }

  /** Anything at all, honest or not. */
  change(work: (facts: Y.Map<unknown>, doc: Y.Doc) => void): Uint8Array {
    const before = Y.encodeStateVector(this.doc);
    this.doc.transact(() => work(this.doc.getMap(factsRoot), this.doc));
    return Y.encodeStateAsUpdate(this.doc, before);
  }

  /** The tablet was restarted: a new document, a new Yjs client id, the same device. */
  restart(): void {
    this.doc = new Y.Doc();
  }

  visit(household = 'hou_101', set: Fields = {}): Fact {
    const stamp = morning.toString(36).padStart(9, '0');
    return this.fact(`vis_${stamp}${this.actor.device}${this.#counter.toString(36)}`, 'visit', {
      grid: this.actor.grids[0] ?? 'g1', household, visitedAt: morning, outcome: 'met', ...set,
    });
  }

  activity(set: Fields = {}): Fact {
    const fields: Fields = { ...singing, status: 'held', ...set };
    return this.fact(activityId(group, Number(fields['startsAt'])), 'activity', fields);
  }

  attendance(activity: string, volunteer: string, hoursTenths = 20): Fact {
    return this.fact(attendanceId(activity, volunteer), 'attendance', { activity, volunteer, hoursTenths });
  }
}

/** A struct written by hand, for what no honest document produces. @param body the bytes after client and clock */
export const forged = (client: number, clock: number, ...body: readonly number[]): Uint8Array => Uint8Array.of(1, 1, client, clock, ...body, 0);

/** The same structs without their delete set. */
export function withoutDeletes(update: Uint8Array): Uint8Array {
  const { ds } = Y.decodeUpdate(update);
  if (ds.clients.size === 0) return update;
  // The delete set is the tail of an update: one client, one range, numbers as varints.
  const [[client, ranges] = [0, []]] = [...ds.clients];
  const range = ranges[0];
  const tail = [1, ...varint(client), 1, ...varint(range?.clock ?? 0), ...varint(range?.len ?? 0)];
  return Uint8Array.from([...update.slice(0, update.length - tail.length), 0]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
