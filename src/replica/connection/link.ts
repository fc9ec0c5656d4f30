/**
 * One room's socket: the stock y-websocket provider, with our ticket, our acknowledgements and our pace of reconnecting.
 *
 * - LK1 The ticket is offered as a subprotocol: it stands in no URL.
 * - LK2 What the server's first sync step shows and what it acknowledges is on its disk; both confirm.
 * - LK3 A line on which nothing comes, or that does not open, is given up within a minute, whatever the tablet's clock says.
 * The provider never reconnects by itself: `onDown` says why a socket ended and the connection decides when to try again.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Awareness } from 'y-protocols/awareness';
import { messageYjsSyncStep1, messageYjsSyncStep2, writeUpdate } from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import { decodeStateVector } from 'yjs';
import { ticketProtocolPrefix } from '../../protocol/api.ts';
import type { Refusal } from '../../protocol/closeReasons.ts';
import { messageAcknowledgement, messageRefusal, messageSync, readAcknowledgement, readRefusal } from '../../protocol/messages.ts';
import { subprotocol } from '../../protocol/version.ts';
import type { Room } from '../rooms/room.ts';

export interface LinkEvents {
  /** The handshake is done. */
  opened(): void;
  /** Structs of each client below its clock are on the server's disk. */
  confirmed(clocks: ReadonlyMap<number, number>): void;
  /** Our answer to the server's first step has just gone out: everything local is on the wire. */
  sent(): void;
  arrived(bytes: Uint8Array, keys: readonly string[]): void;
  /** The server's whole room is here. */
  synced(): void;
  refused(refusal: Refusal): void;
  /** `code` is 0 when the wire simply broke. */
  down(code: number): void;
  heard(): void;
}

/** The server says something every 20 s. */
const silenceMaxMs = 40_000;
const openingMaxMs = 20_000;

function syncMessage(write: (encoder: encoding.Encoder) => void): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageSync);
  write(encoder);
  return encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>;
}

export class Link {
  readonly room: Room;
  readonly #provider: WebsocketProvider;
  readonly #unobserve: () => void;
  /** When something last happened here, by a clock that nobody can set. */
  #stirredAt = 0;

  constructor(server: string, room: Room, events: LinkEvents) {
    this.room = room;
    const awareness = new Awareness(room.doc);
    // Nobody watches cursors here; without a local state the provider announces nothing.
    awareness.setLocalState(null);
    const provider = new WebsocketProvider(`${server.replace(/^http/, 'ws')}/sync`, room.name, room.doc, {
      connect: false, disableBc: true, awareness, shouldReconnect: () => false,
    });
    this.#provider = provider;
    this.#unobserve = room.onRemote(provider, events.arrived);

    const handlers = provider.messageHandlers;
    const stockSync = handlers[messageSync];
    handlers[messageSync] = (encoder, decoder, each, emitSynced, type) => {
      events.heard();
      const peek = decoding.clone(decoder);
      if (decoding.readVarUint(peek) !== messageYjsSyncStep1) return stockSync?.(encoder, decoder, each, emitSynced, type);
      const serverKnows = decoding.readVarUint8Array(peek);
      events.confirmed(decodeStateVector(serverKnows));
      // The stock answer is one message, however large; the last part is the one that ends a first sync.
      const parts = room.backlog(serverKnows);
      for (const part of parts.slice(0, -1)) provider.ws?.send(syncMessage((frame) => writeUpdate(frame, part)));
      encoding.writeVarUint(encoder, messageSync);
      encoding.writeVarUint(encoder, messageYjsSyncStep2);
      encoding.writeVarUint8Array(encoder, parts.at(-1) ?? new Uint8Array([0, 0]));
      // The reply in `encoder` leaves when this handler returns; marking it now cannot overtake its acknowledgement.
      events.sent();
    };
    handlers[messageAcknowledgement] = (_encoder, decoder) => {
      events.heard();
      events.confirmed(readAcknowledgement(decoder));
    };
    handlers[messageRefusal] = (_encoder, decoder) => {
      const refusal = readRefusal(decoder);
      if (refusal) events.refused(refusal);
    };
    for (const [type, handle] of handlers.entries())
      if (handle) handlers[type] = (...message) => {
        this.#stirredAt = performance.now();
        handle(...message);
      };
    provider.on('status', ({ status }) => {
      this.#stirredAt = performance.now();
      if (status === 'connected') events.opened();
    });
    provider.on('sync', (synced: boolean) => synced && events.synced());
    provider.on('connection-close', (event) => {
      // The provider's own timer finds nothing to do.
      provider.shouldConnect = false;
      events.down(event?.code ?? 0);
    });
  }

  get open(): boolean {
    return this.#provider.wsconnected;
  }

  get connecting(): boolean {
    return this.#provider.wsconnecting;
  }

  /** LK3. Gives up a dead line; `down` follows. */
  watch(): void {
    const still = performance.now() - this.#stirredAt;
    if ((this.open && still > silenceMaxMs) || (this.connecting && still > openingMaxMs)) this.#provider.disconnect();
  }

  connect(ticket: string): void {
    this.#stirredAt = performance.now();
    this.#provider.protocols = [subprotocol, ticketProtocolPrefix + ticket];
    this.#provider.connect();
  }

  disconnect(): void {
    this.#provider.disconnect();
  }

  destroy(): void {
    this.#unobserve();
    this.#provider.destroy();
    this.#provider.awareness.destroy();
  }
}
