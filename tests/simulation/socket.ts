/** Both ends of one socket: the browser's WebSocket for the tablet, what the `ws` package hands out for the server. */
import { EventEmitter } from 'node:events';
import type { Machine } from './machine.ts';
import type { Wire } from './wire.ts';

/** A browser gives up on a handshake that nobody answers: Chromium after four minutes. */
const handshakeTimeoutMs = 240_000;

type Handler = ((event: never) => void) | null;

export class ClientSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly OPEN = ClientSocket.OPEN;
  readonly #pair: Pair;
  binaryType = 'blob';
  readyState: number = ClientSocket.CONNECTING;
  onopen: Handler = null;
  onmessage: Handler = null;
  onclose: Handler = null;
  onerror: Handler = null;

  constructor(pair: Pair) {
    this.#pair = pair;
  }
  send(bytes: Uint8Array): void {
    if (this.readyState === ClientSocket.OPEN) this.#pair.toServer({ bytes: bytes.slice() });
  }
  close(): void {
    if (this.readyState >= ClientSocket.CLOSING) return;
    this.readyState = ClientSocket.CLOSING;
    this.#pair.toServer({ close: 1005, reason: '' });
  }
  happens(name: 'onopen' | 'onmessage' | 'onclose' | 'onerror', event: object): void {
    this[name]?.(event as never);
  }
}

export class ServerEnd extends EventEmitter {
  readonly OPEN = ClientSocket.OPEN;
  readonly #pair: Pair;
  machine: Machine | undefined;
  protocol = '';
  readyState: number = ClientSocket.OPEN;
  bufferedAmount = 0;
  #paused = false;

  constructor(pair: Pair) {
    super();
    this.#pair = pair;
  }
  send(bytes: Uint8Array, sent?: () => void): void {
    this.#pair.toTablet({ bytes: bytes.slice() });
    sent?.();
  }
  close(code: number, reason: string): void {
    if (this.readyState >= ClientSocket.CLOSING) return;
    this.readyState = ClientSocket.CLOSING;
    this.#pair.toTablet({ close: code, reason });
  }
  terminate(): void {
    this.#pair.lost('tablet');
    this.ends(1006);
  }
  ping(): void {
    this.#pair.ping();
  }
  pause(): void {
    this.#paused = true;
  }
  resume(): void {
    this.#paused = false;
    this.#pair.drain();
  }
  get paused(): boolean {
    return this.#paused;
  }
  ends(code: number): void {
    if (this.readyState === ClientSocket.CLOSED) return;
    this.readyState = ClientSocket.CLOSED;
    this.emit('close', code, Buffer.alloc(0));
  }
}

type Frame = { readonly bytes: Uint8Array } | { readonly close: number; readonly reason: string };

export class Pair {
  readonly tablet: Machine;
  readonly offered: readonly string[];
  readonly client: ClientSocket;
  readonly server: ServerEnd;
  /** The path it was opened for. */
  path = '';
  get room(): string {
    return this.path.slice('/sync/'.length);
  }
  /** Since when nothing passes, in the tablet's uptime. */
  deadSince: number | undefined;
  readonly #wire: Wire;
  readonly #waiting: Frame[] = [];
  #dead = false;
  #lastAtServer = 0;
  #lastAtTablet = 0;

  constructor(wire: Wire, tablet: Machine, offered: readonly string[]) {
    this.#wire = wire;
    this.tablet = tablet;
    this.offered = offered;
    this.client = new ClientSocket(this);
    this.server = new ServerEnd(this);
    tablet.after(handshakeTimeoutMs, () => {
      if (this.client.readyState === ClientSocket.CONNECTING) this.tell('tablet');
    });
  }

  /** Time until a frame that leaves now arrives: never before one that left earlier. */
  #travel(machine: Machine, last: number): number {
    return Math.max(machine.uptime + this.#wire.latency(this.tablet.name), last);
  }

  opens(): void {
    const at = this.#travel(this.tablet, 0) + 2;
    this.#lastAtTablet = at;
    this.tablet.after(at - this.tablet.uptime, () => {
      if (this.#dead || this.client.readyState !== ClientSocket.CONNECTING) return;
      this.client.readyState = ClientSocket.OPEN;
      this.client.happens('onopen', {});
    });
  }

  toServer(frame: Frame): void {
    const { machine } = this.server;
    if (this.#dead || !machine || this.#lost(frame, '>')) return;
    this.#lastAtServer = this.#travel(machine, this.#lastAtServer);
    machine.after(this.#lastAtServer - machine.uptime, () => {
      if (this.#dead) return;
      this.#waiting.push(frame);
      this.drain();
    });
  }

  /** Hands over to the server what has arrived, unless it has stopped reading. */
  drain(): void {
    while (!this.server.paused && !this.#dead) {
      const frame = this.#waiting.shift();
      if (!frame) return;
      if ('close' in frame) this.#end(frame.close);
      else this.server.emit('message', Buffer.from(frame.bytes), true);
    }
  }

  toTablet(frame: Frame): void {
    if (this.#dead || this.#lost(frame, '<')) return;
    if ('bytes' in frame) this.#wire.onFrame(this, frame.bytes);
    this.#lastAtTablet = this.#travel(this.tablet, this.#lastAtTablet);
    this.tablet.after(this.#lastAtTablet - this.tablet.uptime, () => {
      if (this.#dead) return;
      if ('close' in frame) this.#closed(frame.close, frame.reason);
      else this.client.happens('onmessage', { data: frame.bytes });
    });
  }

  #lost(frame: Frame, way: '<' | '>'): boolean {
    if ('close' in frame) return false;
    this.#wire.trace.frame(this.tablet.name, way, this.path, frame.bytes);
    return this.#wire.loses(frame.bytes, way === '<');
  }

  /** A browser answers by itself, as long as the line and the tablet live. */
  ping(): void {
    if (this.#dead || !this.tablet.alive) return;
    this.server.machine?.after(2 * this.#wire.latency(this.tablet.name), () => {
      if (!this.#dead && this.tablet.alive) this.server.emit('pong');
    });
  }

  #end(code: number): void {
    this.#die();
    this.server.ends(code);
  }

  /** The server closed: the tablet hears the code and answers. */
  #closed(code: number, reason: string): void {
    this.client.readyState = ClientSocket.CLOSED;
    this.client.happens('onclose', { code, reason });
    this.server.machine?.after(this.#wire.latency(this.tablet.name), () => this.#end(code));
  }

  #die(): void {
    this.#dead = true;
    this.deadSince ??= this.tablet.uptime;
    this.#wire.pairs.delete(this);
  }

  /** Nothing passes any more. */
  cut(silently: boolean): void {
    if (this.#dead) return;
    this.#die();
    if (silently) return;
    this.tell('tablet');
    this.tell('server');
  }

  /** One end hears that the connection is gone; that of a line cut silently hears nothing. */
  lost(end: 'tablet' | 'server'): void {
    if (this.#dead) return;
    this.#die();
    this.tell(end);
  }

  tell(end: 'tablet' | 'server'): void {
    if (end === 'server') this.server.machine?.after(1, () => this.server.ends(1006));
    else
      this.tablet.after(1, () => {
        if (this.client.readyState === ClientSocket.CLOSED) return;
        this.client.readyState = ClientSocket.CLOSED;
        this.client.happens('onerror', {});
        this.client.happens('onclose', { code: 1006, reason: '' });
      });
  }
}
