/** Both ends of the wire for tests: tickets, stock y-websocket clients, and a bare peer that hears acknowledgements. */
import * as decoding from 'lib0/decoding';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { readPeerMessage, stepOneMessage, stepTwoMessage, updateMessage } from '../../server/rooms/messages.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import type { Refusal } from '../../src/protocol/closeReasons.ts';
import { factsRoot, messageAcknowledgement, messageAwareness, messageRefusal, readAcknowledgement, readRefusal } from '../../src/protocol/messages.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { subprotocol } from '../../src/protocol/version.ts';

export interface Reachable {
  readonly url: string;
  readonly wsUrl: string;
}

/** Waits for a condition for at most fifteen seconds; what it says on failure is the last assertion. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  for (const until = performance.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 5)))
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
}

let devices = 0;
/** A tag nobody else in this run has. */
export const newDevice = (): string => `t${process.pid.toString(36).slice(-3)}${(devices++).toString(36).padStart(4, '0')}`.slice(0, 8).toLowerCase();
const secret = '0123456789abcdef'.repeat(2);

export const requestTicket = (server: Reachable, body: unknown): Promise<Response> =>
  fetch(`${server.url}/api/tickets`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export async function sitDown(server: Reachable, seat: string, device = newDevice()): Promise<TicketGrant> {
  const answer = await requestTicket(server, { seat, device, secret });
  expect(answer.status).toBe(200);
  return answer.json() as Promise<TicketGrant>;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A stock y-websocket client in one room: nothing in it knows Linhuo. */
export class StockClient {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  closed: Closed | undefined;

  constructor(server: Reachable, room: RoomAddress, protocols: readonly string[]) {
    this.provider = new WebsocketProvider(server.wsUrl, formatRoomName(room), this.doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket, protocols: [...protocols], disableBc: true, maxBackoffTime: 100,
    });
    this.provider.on('closed', (event: Closed) => {
      this.closed = { code: event.code, reason: event.reason };
    });
  }
  get facts(): Record<string, unknown> {
    return this.doc.getMap(factsRoot).toJSON();
  }
  synced(): Promise<void> {
    return eventually(() => expect(this.provider.synced).toBe(true));
  }
  end(): void {
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.doc.destroy();
  }
}

export const ticketProtocol = (grant: { readonly ticket: string }): string => `ticket.${grant.ticket}`;

/** A socket that speaks our subprotocol and keeps what it hears. It sends nothing by itself. */
export class Peer {
  readonly socket: WebSocket;
  readonly doc = new Y.Doc();
  readonly clocks = new Map<number, number>();
  readonly heard: string[] = [];
  refusal: Refusal | undefined;
  closed: Closed | undefined;

  constructor(server: Reachable, path: string, protocols: readonly string[], headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(`${server.wsUrl}/${path}`, [...protocols], { headers: { ...headers } });
    this.socket.on('message', (data: Buffer) => this.#hear(data));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    // What goes wrong with a socket in a test is asserted on its close.
    this.socket.on('error', () => undefined);
  }

  static async into(server: Reachable, room: RoomAddress, grant: { readonly ticket: string }): Promise<Peer> {
    const peer = new Peer(server, formatRoomName(room), [subprotocol, ticketProtocol(grant)]);
    await peer.opened();
    return peer;
  }

  opened(): Promise<void> {
    return eventually(() => expect(this.socket.readyState).toBeGreaterThanOrEqual(WebSocket.OPEN));
  }
  /** Asks for everything this peer lacks and waits until it is there. */
  async sync(): Promise<void> {
    const steps = this.heard.filter((what) => what === 'stepOne').length;
    this.socket.send(stepOneMessage(Y.encodeStateVector(this.doc)));
    await eventually(() => expect(this.heard.filter((what) => what === 'stepOne').length).toBeGreaterThan(steps));
  }
  update(bytes: Uint8Array): void {
    this.socket.send(updateMessage(bytes));
  }
  stepTwo(bytes: Uint8Array): void {
    this.socket.send(stepTwoMessage(bytes));
  }
  acked(client: number, clock: number): Promise<void> {
    return eventually(() => expect(this.clocks.get(client) ?? 0).toBeGreaterThanOrEqual(clock));
  }
  async ended(): Promise<Closed> {
    return eventually(() => {
      expect(this.closed).toBeDefined();
      return this.closed as Closed;
    });
  }
  end(): void {
    this.socket.terminate();
    this.doc.destroy();
  }

  #hear(data: Buffer): void {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageAcknowledgement) {
      this.heard.push('acknowledgement');
      for (const [client, clock] of readAcknowledgement(decoder)) this.clocks.set(client, clock);
    } else if (type === messageRefusal) {
      this.heard.push('refusal');
      this.refusal = readRefusal(decoder);
    } else if (type === messageAwareness) this.heard.push('awareness');
    else {
      const message = readPeerMessage(data);
      this.heard.push(message?.type ?? 'unknown');
      if (message && 'bytes' in message) Y.applyUpdate(this.doc, message.bytes);
    }
  }
}

/** The actor of a grant, as the author of facts. */
export const actorOf = (grant: TicketGrant): Actor => grant.actor;
