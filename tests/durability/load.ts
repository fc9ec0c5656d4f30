/**
 * Tablets that state facts as fast as they are confirmed, on a server that may vanish at any moment. What a tablet was
 * told is kept by the tablet, at the time: it is what a test holds the server to afterwards.
 */
import * as decoding from 'lib0/decoding';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { readPeerMessage, stepOneMessage, stepTwoMessage, updateMessage } from '../../server/rooms/messages.ts';
import { encodeFact, type Fact } from '../../src/domain/kernel/fact.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { factsRoot, messageAcknowledgement, messageRefusal, readAcknowledgement, readRefusal } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';
import { Author } from '../support/author.ts';
import { eventually, ticketProtocol, type Reachable } from '../support/wire.ts';

/** Facts under way at a time. */
const window = 8;

/** One tablet's copy of one room, and its word for what was confirmed there. */
export interface Copy {
  readonly address: RoomAddress;
  readonly doc: Y.Doc;
  /** Own facts in the order of their clocks. */
  readonly stated: { readonly id: string; readonly json: string }[];
  /** So many of them were confirmed at some time. */
  confirmed: number;
}

export class LoadTablet {
  /** A ticket lives ten minutes. */
  grant: TicketGrant;
  readonly author: Author;
  readonly copies: Copy[] = [];
  /** What must never happen to an honest tablet. */
  readonly complaints: string[] = [];
  readonly #next: (author: Author) => Fact[];
  #socket: WebSocket | undefined;
  #answered = false;
  #left = 0;

  /** @param next the facts of one save */
  constructor(grant: TicketGrant, next: (author: Author) => Fact[]) {
    this.grant = grant;
    this.author = new Author(grant.actor);
    this.#next = next;
  }

  get copy(): Copy {
    const copy = this.copies.at(-1);
    if (!copy) throw new Error('the tablet is in no room yet');
    return copy;
  }

  /** From here on facts go into this room. */
  enter(address: RoomAddress): void {
    this.author.restart();
    this.copies.push({ address, doc: this.author.doc, stated: [], confirmed: 0 });
  }

  /** Connects as a stock client would, and states up to `most` further facts. */
  connect(server: Reachable, most: number): void {
    const { copy } = this;
    const socket = new WebSocket(`${server.wsUrl}/${formatRoomName(copy.address)}`, [subprotocol, ticketProtocol(this.grant)]);
    this.#socket = socket;
    this.#answered = false;
    this.#left = most;
    socket.on('open', () => socket.send(stepOneMessage(Y.encodeStateVector(copy.doc))));
    socket.on('message', (data: Buffer) => this.#hear(copy, socket, data));
    // A server that is killed cuts the line: that is what these tests are for.
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      if (![1006, 1012].includes(code)) this.complaints.push(`closed with ${code} ${reason.toString()}`);
    });
  }

  disconnect(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Everything stated in the present room is confirmed. */
  settled(): Promise<void> {
    return eventually(() => expect([this.complaints, this.copy.confirmed]).toEqual([[], this.copy.stated.length]));
  }

  #hear(copy: Copy, socket: WebSocket, data: Buffer): void {
    if (this.#socket !== socket) return;
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageAcknowledgement) this.#confirm(copy, readAcknowledgement(decoder));
    else if (type === messageRefusal) this.complaints.push(`refused: ${JSON.stringify(readRefusal(decoder))}`);
    else {
      const message = readPeerMessage(data);
      if (message?.type === 'stepOne') {
        this.#confirm(copy, message.known);
        socket.send(stepTwoMessage(Y.encodeStateAsUpdate(copy.doc, Y.encodeStateVector(new Map(message.known)))));
        this.#answered = true;
      } else if (message && 'bytes' in message) Y.applyUpdate(copy.doc, message.bytes);
    }
    this.#state(copy, socket);
  }

  #confirm(copy: Copy, clocks: ReadonlyMap<number, number>): void {
    copy.confirmed = Math.max(copy.confirmed, clocks.get(copy.doc.clientID) ?? 0);
  }

  #state(copy: Copy, socket: WebSocket): void {
    while (this.#answered && this.#left > 0 && copy.stated.length - copy.confirmed < window && socket.readyState === WebSocket.OPEN) {
      const facts = this.#next(this.author);
      const bytes = this.author.write(...facts);
      this.#left -= facts.length;
      copy.stated.push(...facts.map((fact) => ({ id: fact.id, json: encodeFact(fact) })));
      socket.send(updateMessage(bytes));
    }
  }
}

/** A room as the server shows it: each fact once, or this throws. */
export async function factsOn(server: Reachable, address: RoomAddress, grant: { readonly ticket: string }): Promise<Map<string, string>> {
  const answer = await fetch(`${server.url}/api/rooms/${formatRoomName(address)}`, { headers: { authorization: `Bearer ${grant.ticket}` } });
  expect(answer.status).toBe(200);
  const facts = new Map<string, string>();
  for (const struct of Y.decodeUpdate(new Uint8Array(await answer.arrayBuffer())).structs) {
    if (!(struct instanceof Y.Item) || struct.parentSub === null) throw new Error('a room holds something that is no fact');
    expect(facts.has(struct.parentSub), `${struct.parentSub} is there twice`).toBe(false);
    facts.set(struct.parentSub, String((struct.content as Y.ContentAny).arr[0]));
  }
  return facts;
}

/** What a tablet was told is confirmed and a room does not hold. */
export const lost = ({ stated, confirmed }: Copy, kept: ReadonlyMap<string, string>): string[] =>
  stated.slice(0, confirmed).flatMap(({ id, json }) => (kept.get(id) === json ? [] : [id]));

/** What somebody saw and a room does not hold. */
export const unseen = (seen: Y.Doc, kept: ReadonlyMap<string, string>): string[] =>
  [...seen.getMap<string>(factsRoot)].flatMap(([id, json]) => (kept.get(id) === json ? [] : [id]));
