/**
 * What a device that may not work any more still held: kept for a supervisor to take or drop, fact by fact.
 *
 * - IR5 What was handed over is on disk before it is answered for; said again, it is answered again and kept once.
 * - IR6 What is taken is stated by the authority as the very fact: same id, author and time; through the gate, so that
 *   nothing wrong enters. An earlier fact it stands on comes first.
 * - IR7 A device hands over so much and no more, whatever it says.
 */
import { createHash } from 'node:crypto';
import { deviceTagOf, encodeFact, factIdPattern, parseFact } from '../../src/domain/kernel/fact.ts';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';
import type { ActAnswer, ActRefusal, AdminAct, Handover, ReviewEntry } from '../../src/protocol/identity.ts';
import { parseRoomName } from '../../src/protocol/roomName.ts';
import { authorityPerson } from '../authority/actor.ts';
import { stateOne } from '../authority/state.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Doer } from './acts.ts';
import { seatKey, type DeviceRecord, type OpenReview, type ReviewRecord } from './records.ts';
import type { Decided, Registry, State } from './registry.ts';

/** A tablet that was offline for months holds fewer. */
const factsMax = 5_000;
const weightMax = 16 * 1_048_576;

type ReviewAct = Extract<AdminAct, { act: 'review' }>;

const openOf = (state: State): OpenReview[] => [...state.review.values()].filter((each) => each.decision === 'open');

export interface Review {
  /** @returns the ids that are on disk now */
  handOver(device: DeviceRecord, facts: Handover['facts']): Promise<readonly string[]>;
  /** @param mayAct asked once it is the act's turn */
  decide(doer: Doer, act: ReviewAct, mayAct: () => boolean): Promise<Result<ActAnswer, ActRefusal>>;
  /** ER8 What was erased in the room is kept no longer. */
  forget(room: Room): Promise<void>;
  /** Oldest first. */
  list(community: string): readonly ReviewEntry[];
}

export function createReview(registry: Registry, rooms: Rooms, now: () => number): Review {
  async function isStated(room: string, fact: string): Promise<boolean> {
    const address = parseRoomName(room);
    return address !== undefined && (await rooms.open(address)).facts.has(fact);
  }

  /** ER8 @returns what of a fact may be kept, undefined if nothing; what is no fact is left as it is */
  function remainderIn({ facts }: Room, id: string, json: string): string | undefined {
    const fact = parseFact(id, json);
    if (!fact) return json;
    const left = facts.remainderOf(fact, facts.birth(fact.record)?.fields);
    return left === fact ? json : left && encodeFact(left);
  }

  async function withoutErased(each: Handover['facts'][number]): Promise<Handover['facts']> {
    const address = parseRoomName(each.room);
    const json = address ? remainderIn(await rooms.open(address), each.id, each.json) : each.json;
    return json === undefined ? [] : [{ ...each, json }];
  }

  /** IR7. */
  function fitting(state: State, tag: string, fresh: Handover['facts']): Handover['facts'] {
    const held = openOf(state).filter(({ device }) => device === tag);
    let count = held.length;
    let weight = held.reduce((sum, { json }) => sum + json.length, 0);
    return fresh.filter(({ json }) => {
      count += 1;
      weight += json.length;
      return count <= factsMax && weight <= weightMax;
    });
  }

  /** What was stated before somebody moved is for the community they had a seat in then. */
  function communityOf({ people }: State, device: DeviceRecord, room: string): string {
    const earlier = parseRoomName(room)?.community;
    return earlier !== undefined && people.has(seatKey({ community: earlier, id: device.person })) ? earlier : device.community;
  }

  /** IE11: the device's person, or whoever sat there before the server forgot it. */
  function authorOf({ person, earlier }: DeviceRecord, id: string, json: string): string {
    return earlier !== undefined && parseFact(id, json)?.by === earlier ? earlier : person;
  }

  async function take(entry: OpenReview): Promise<ActRefusal | undefined> {
    const address = parseRoomName(entry.room);
    const fact = parseFact(entry.fact, entry.json);
    if (!address || !fact || address.community !== entry.community || address.family === 'ledger' || fact.by !== entry.person) return 'not-allowed';
    const stated = await stateOne(await rooms.open(address), fact);
    if (stated.ok) return undefined;
    return stated.error.reason === 'unknown-base' ? 'base-missing' : 'not-allowed';
  }

  return {
    async handOver(device, facts) {
      const own = facts.filter(({ id }) => factIdPattern.test(id) && deviceTagOf(id) === device.tag);
      const stated = new Set<string>();
      for (const { room, id } of own) if (await isStated(room, id)) stated.add(id);
      const sayable = (await Promise.all(own.map(withoutErased))).flat();
      const handed = await registry.change<readonly string[], never>((state) => {
        const fresh = new Map(sayable.filter(({ id }) => !stated.has(id) && !state.review.has(id)).map((fact) => [fact.id, fact]));
        const kept = fitting(state, device.tag, [...fresh.values()]);
        const review: ReviewRecord[] = kept.map(({ id, room, json }) => ({
          decision: 'open', community: communityOf(state, device, room), fact: id, room, json, device: device.tag, person: authorOf(device, id, json), receivedAt: now(), endedAt: device.endedAt ?? (device.earlier === undefined ? now() : device.joinedAt),
        }));
        const audit = { community: device.community, by: `device:${device.tag}`, act: 'handover', on: device.tag, detail: { facts: kept.map(({ id }) => id) } };
        const answer = own.map(({ id }) => id).filter((id) => !fresh.has(id) || kept.some((each) => each.id === id));
        return ok({ change: kept.length > 0 ? { review, audit } : undefined, answer });
      });
      return handed.ok ? handed.value : [];
    },

    decide: (doer, { fact, decision, reason }, mayAct) =>
      registry.change<ActAnswer, ActRefusal>(async (state): Promise<Result<Decided<ActAnswer>, ActRefusal>> => {
        if (!mayAct()) return err('not-allowed');
        const entry = state.review.get(fact);
        if (entry?.decision !== 'open' || entry.community !== doer.community) return err(entry && entry.decision !== 'open' ? 'not-now' : 'unknown');
        const refusal = decision === 'take' ? await take(entry) : undefined;
        if (refusal) return err(refusal);
        const { room, json, device, person } = entry;
        // What it says stays out of a log that nobody can erase from.
        const audit = { community: doer.community, by: doer.by, act: decision, on: fact, detail: { room, device, person, sha256: createHash('sha256').update(json).digest('hex'), reason } };
        return ok({ change: { review: [{ decision, fact }], audit }, answer: { ok: true } });
      }),

    async forget(room) {
      await registry.change<undefined, never>((state) => {
        const changed = openOf(state).flatMap((entry): ReviewRecord[] => {
          const json = entry.room === room.name ? remainderIn(room, entry.fact, entry.json) : entry.json;
          if (json === entry.json) return [];
          return [json === undefined ? { decision: 'drop', fact: entry.fact } : { ...entry, json }];
        });
        if (changed.length === 0) return ok({ change: undefined, answer: undefined });
        const audit = { community: room.address.community, by: authorityPerson, act: 'erased', on: room.name, detail: { facts: changed.map(({ fact }) => fact) } };
        return ok({ change: { review: changed, audit }, answer: undefined });
      });
    },

    list: (community) =>
      openOf(registry.state)
        .filter((entry) => entry.community === community)
        .sort((a, b) => a.receivedAt - b.receivedAt)
        .map(({ fact, room, json, device, person, receivedAt, endedAt }) => ({ fact, room, json, device, person, receivedAt, endedAt })),
  };
}
