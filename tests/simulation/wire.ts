/**
 * The wire between tablets and server. A socket is reliable and ordered as long as it lives, as TCP is: what is lost is
 * lost together with it. Frames of different sockets overtake each other, and what was sent before a cut is sent again
 * after it, so the server sees repeats and reordering all the same. A cut can go unnoticed by either end for a while.
 */
import { messageYjsUpdate } from 'y-protocols/sync';
import { randomOf, type Random } from '../../server/demo/random.ts';
import { messageAcknowledgement, messageSync } from '../../src/protocol/messages.ts';
import type { Machine } from './machine.ts';
import { sabotage } from './sabotage.ts';
import { ClientSocket, Pair, type ServerEnd } from './socket.ts';
import type { Trace } from './trace.ts';

/** What the server's process offers to whoever reaches it. */
export interface Reachable {
  readonly machine: Machine;
  upgrade(path: string, protocols: readonly string[], socket: ServerEnd): void;
  answer(request: HttpRequest): Promise<HttpAnswer>;
}
export interface HttpRequest {
  /** An address for each tablet. */
  readonly from: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A tablet's way to the server. */
export interface Line {
  joined: boolean;
  /** Each way, ms; a frame takes up to twice as long. */
  latencyMs: number;
}

const requestTimeoutMs = 20_000;

export class Wire {
  readonly pairs = new Set<Pair>();
  readonly trace: Trace;
  server: Reachable | undefined;
  frames = 0;
  /** Told of every frame that leaves for a tablet, and of every socket that reaches the server. */
  onFrame: (pair: Pair, bytes: Uint8Array) => void = () => undefined;
  onOpen: (pair: Pair) => void = () => undefined;
  /** Those that the tablet has not closed. */
  readonly #made = new Set<Pair>();
  readonly #lines = new Map<string, Line>();
  readonly #random: Random;

  constructor(seed: string, trace: Trace) {
    this.#random = randomOf(seed, 'wire');
    this.trace = trace;
  }

  line(tablet: string): Line {
    const known = this.#lines.get(tablet) ?? { joined: true, latencyMs: 5 };
    this.#lines.set(tablet, known);
    return known;
  }

  latency(tablet: string): number {
    const { latencyMs } = this.line(tablet);
    const part = sabotage.is('unseeded') ? Number(process.hrtime.bigint() % 97n) / 97 : this.#random.next();
    return latencyMs + part * latencyMs;
  }

  /** Negative control: a frame that is lost although its socket lives. */
  loses(bytes: Uint8Array, toTablet: boolean): boolean {
    this.frames += 1;
    if (sabotage.is('lossyWire')) return toTablet && bytes[0] === messageSync && bytes[1] === messageYjsUpdate && this.#random.chance(0.03);
    return sabotage.is('noAcknowledgements') && bytes[0] === messageAcknowledgement;
  }

  connect(machine: Machine, url: string, protocols: readonly string[]): ClientSocket {
    const pair = new Pair(this, machine, protocols);
    this.pairs.add(pair);
    this.#made.add(pair);
    machine.after(this.latency(machine.name), () => this.#open(pair, new URL(url).pathname));
    return pair.client;
  }

  #open(pair: Pair, path: string): void {
    const { server } = this;
    if (!this.line(pair.tablet.name).joined || !server) return pair.lost('tablet');
    pair.server.machine = server.machine;
    pair.path = path;
    this.onOpen(pair);
    server.machine.after(1, () => server.upgrade(path, pair.offered, pair.server));
    pair.opens();
  }

  /** @param silently neither end is told; each finds out by itself */
  cut(tablet: string, silently: boolean): void {
    this.line(tablet).joined = false;
    for (const pair of this.#of(tablet)) pair.cut(silently);
    // A browser whose network goes ends every socket, those included that died before.
    if (!silently) this.tellDead((machine) => machine.name === tablet);
  }

  /** A machine lost its power: the other ends hear of it, or do not. */
  powerOff(machine: Machine, silently: boolean): void {
    for (const pair of [...this.pairs]) if (pair.tablet === machine || pair.server.machine === machine) pair.cut(silently);
  }

  /** Lets tablets know of sockets that died unnoticed. */
  tellDead(which: (tablet: Machine) => boolean): void {
    for (const pair of this.#made) if (pair.deadSince !== undefined && which(pair.tablet)) pair.tell('tablet');
  }

  /** What the tablet takes for open sockets, those on a dead line included. */
  believedOpen(tablet: string): Pair[] {
    for (const pair of this.#made) if (!pair.tablet.alive || pair.client.readyState > ClientSocket.OPEN) this.#made.delete(pair);
    return [...this.#made].filter((pair) => pair.tablet.name === tablet && pair.client.readyState === ClientSocket.OPEN);
  }

  #of(tablet: string): Pair[] {
    return [...this.pairs].filter((pair) => pair.tablet.name === tablet);
  }

  /** `fetch` as a tablet's browser offers it. */
  async fetch(machine: Machine, request: HttpRequest): Promise<HttpAnswer> {
    const offline = (): never => {
      throw new TypeError('Failed to fetch');
    };
    await machine.delay(this.latency(machine.name));
    const { server } = this;
    if (!this.line(machine.name).joined || !server) return offline();
    const answer = await new Promise<HttpAnswer | undefined>((resolve) => {
      machine.after(requestTimeoutMs, () => resolve(undefined));
      server.machine.after(1, () => void server.answer(request).then(resolve, () => resolve(undefined)));
    });
    await machine.delay(this.latency(machine.name));
    return answer && this.line(machine.name).joined ? answer : offline();
  }
}
