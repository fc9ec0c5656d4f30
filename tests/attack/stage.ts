/**
 * The running server with two honest tablets in one room of it, around each attack. While an attack runs and after it, what
 * the one states must be confirmed and reach the other, and the server's memory stays within a bound. A table of what each
 * attack cost is printed at the end.
 */
import { setInterval } from 'node:timers/promises';
import { expect } from 'vitest';
import { encodeStateAsUpdate, Doc } from 'yjs';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { refusalReasons, type RefusalReason } from '../../src/protocol/closeReasons.ts';
import { Author } from '../support/author.ts';
import { visitsOf } from '../support/community.ts';
import { watchMemory } from '../support/memory.ts';
import { startServer, type ServerProcess } from '../support/serverProcess.ts';
import { eventually, Peer, sitDown } from '../support/wire.ts';

const megabyte = 1_048_576;
/** Generous: what an attack may make the server hold on top of what it had. Stock servers hold all they are sent. */
const growthMaxBytes = 200 * megabyte;
const pauseMs = 25;

interface Cost {
  readonly attack: string;
  readonly 'before, MB': number;
  readonly 'peak, MB': number;
  readonly 'honest facts': number;
  readonly 'slowest, ms': number;
}

export class Stage {
  readonly server: ServerProcess;
  readonly honest: RoomAddress = visitsOf('g1');
  readonly #speaker: Peer;
  readonly #listener: Peer;
  readonly #author: Author;
  readonly #costs: Cost[] = [];
  readonly #open: { end(): void }[] = [];

  private constructor(server: ServerProcess, speaker: Peer, listener: Peer, author: Author) {
    this.server = server;
    this.#speaker = speaker;
    this.#listener = listener;
    this.#author = author;
  }

  static async open(): Promise<Stage> {
    const server = await startServer({ demo: 'small' });
    const [li, he] = [await sitDown(server, 'li'), await sitDown(server, 'he')];
    const [speaker, listener] = [await Peer.into(server, visitsOf('g1'), li), await Peer.into(server, visitsOf('g1'), he)];
    await Promise.all([speaker.sync(), listener.sync()]);
    return new Stage(server, speaker, listener, new Author(li.actor));
  }

  sitDown(seat: string): Promise<TicketGrant> {
    return sitDown(this.server, seat);
  }

  /** Ended after the attack it belongs to. */
  held<T extends { end(): void }>(client: T): T {
    this.#open.push(client);
    return client;
  }

  /** A peer that has synced and said that it has nothing: from here on nothing of it is passed over. */
  async settled(room: RoomAddress, grant: TicketGrant): Promise<Peer> {
    const peer = this.held(await Peer.into(this.server, room, grant));
    await peer.sync();
    peer.stepTwo(encodeStateAsUpdate(new Doc()));
    return peer;
  }

  /** The update must be refused for this reason, in words and with the close. */
  async refuses(reason: RefusalReason, room: RoomAddress, grant: TicketGrant, bytes: Uint8Array): Promise<void> {
    const peer = await this.settled(room, grant);
    peer.update(bytes);
    expect(await peer.ended()).toEqual({ code: 4409, reason });
    expect(peer.refusal).toMatchObject({ reason });
    expect(refusalReasons).toContain(peer.refusal?.reason);
  }

  async attack(name: string, run: () => Promise<void>): Promise<void> {
    const memory = watchMemory(this.server.pid);
    let slowest = 0;
    let facts = 0;
    let over = false;
    const work = async (): Promise<void> => {
      for await (const _ of setInterval(pauseMs)) {
        slowest = Math.max(slowest, await this.#sayOne());
        facts += 1;
        if (over) return;
      }
    };
    const honest = work();
    try {
      await Promise.all([honest, run().finally(() => (over = true))]);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      for (const client of this.#open.splice(0)) client.end();
    }
    // Once more, now that it is over for certain.
    slowest = Math.max(slowest, await this.#sayOne());
    expect([this.#speaker.closed, this.#listener.closed], name).toEqual([undefined, undefined]);
    const peak = memory.peak();
    this.#costs.push({
      attack: name, 'before, MB': Math.round(memory.before / megabyte), 'peak, MB': Math.round(peak / megabyte), 'honest facts': facts + 1, 'slowest, ms': Math.round(slowest),
    });
    expect(peak - memory.before, `${name}: memory`).toBeLessThan(growthMaxBytes);
  }

  async close(): Promise<void> {
    this.#speaker.end();
    this.#listener.end();
    await this.server.dispose();
    console.table(this.#costs);
  }

  /** @returns how long it took until it was confirmed and heard, ms */
  async #sayOne(): Promise<number> {
    const from = performance.now();
    const fact = this.#author.visit();
    this.#speaker.update(this.#author.write(fact));
    await this.#speaker.acked(this.#author.doc.clientID, Number.parseInt(fact.id.split('-')[1] ?? '', 36) + 1);
    await eventually(() => expect(this.#listener.doc.getMap('facts').has(fact.id)).toBe(true));
    return performance.now() - from;
  }
}
