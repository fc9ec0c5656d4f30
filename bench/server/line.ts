/** One simulated tablet's socket in one room. It syncs, says what it has, and hears when that is confirmed. */
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { factsRoot } from '../../src/protocol/messages.ts';
import type { Running } from './systems.ts';

const emptyVector = Y.encodeStateVector(new Y.Doc());

export class Line {
  readonly #socket: WebSocket;
  readonly #server: Running;
  readonly #room: string;
  /** Only a witness reads what others wrote. */
  readonly #doc: Y.Doc | undefined;
  #synced: (() => void) | undefined;
  #confirmed: { readonly client: number; readonly clock: number; readonly done: () => void } | undefined;
  #wanted: { readonly facts: number; readonly done: () => void } | undefined;

  constructor(server: Running, tablet: number, room: string, witness = false) {
    this.#server = server;
    this.#room = room;
    this.#doc = witness ? new Y.Doc() : undefined;
    this.#socket = new WebSocket(server.dialect.url(server.origin, room), server.dialect.protocols(server.tickets[tablet] ?? ''), { perMessageDeflate: false });
    this.#socket.on('message', (data: Buffer) => this.#hear(data));
  }

  /** Resolves when the server's state and its question have come. */
  synced(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#synced = resolve;
    this.#socket.once('error', reject);
    this.#socket.once('close', (code) => reject(new Error(`${this.#server.name} closed ${this.#room} with ${code}`)));
    this.#socket.once('open', () => {
      const greeting = this.#server.dialect.greeting(this.#room);
      if (greeting) this.#socket.send(greeting);
      this.#socket.send(this.#server.dialect.sync(this.#room, 0, emptyVector));
    });
    return promise;
  }

  /** Resolves when the server has confirmed it; never for the stock server, which confirms nothing. */
  say(update: { readonly bytes: Uint8Array; readonly client: number }, facts: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#confirmed = { client: update.client, clock: facts, done: resolve };
    this.#socket.send(this.#server.dialect.sync(this.#room, 1, update.bytes));
    return promise;
  }

  /** Resolves when so many facts have arrived here. */
  holds(facts: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wanted = { facts, done: resolve };
    this.#look();
    return promise;
  }

  end(): void {
    this.#socket.removeAllListeners('close').terminate();
    this.#doc?.destroy();
  }

  #hear(data: Buffer): void {
    const heard = this.#server.dialect.read(data);
    if (heard.type === 'stepOne') this.#synced?.();
    else if (heard.type === 'update' && this.#doc) {
      Y.applyUpdate(this.#doc, heard.bytes);
      this.#look();
    } else if (heard.type === 'confirmed' && this.#confirmed) {
      const { client, clock, done } = this.#confirmed;
      if (heard.clocks === 'all' || (heard.clocks.get(client) ?? 0) >= clock) done();
    }
  }

  #look(): void {
    if (this.#wanted && (this.#doc?.getMap(factsRoot).size ?? 0) >= this.#wanted.facts) this.#wanted.done();
  }
}

/** So many at once: a queue of connections longer than the system's waits for seconds and measures that. */
const openingsAtOnce = 100;

export async function openAll(lines: readonly (() => Line)[]): Promise<Line[]> {
  const open: Line[] = [];
  for (let from = 0; from < lines.length; from += openingsAtOnce)
    open.push(...(await Promise.all(lines.slice(from, from + openingsAtOnce).map(async (make) => {
      const line = make();
      await line.synced();
      return line;
    }))));
  return open;
}
