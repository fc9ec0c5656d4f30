/**
 * Machines and the one clock they share. Code that runs inside a machine sees that machine's time, timers and randomness,
 * whoever wrote it: `Date.now`, `performance.now`, `setTimeout`, `Math.random` and `crypto` ask in which machine they are.
 * Code outside of every machine, the test runner for one, sees the real ones.
 *
 * Import this module before any other: libraries that keep `Date.now` in a constant must get hold of this one.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomOf, type Random } from '../../server/demo/random.ts';
import type { Clock } from './clock.ts';
import type { TabletDisk } from './tabletDisk.ts';
import type { HttpAnswer, Wire } from './wire.ts';

const inside = new AsyncLocalStorage<Machine>();
export const here = (): Machine | undefined => inside.getStore();

export class Machine {
  readonly name: string;
  readonly random: Random;
  readonly #clock: Clock;
  /** How far its clock is off, ms. */
  skewMs: number;
  /** Ends with a crash; a restart is a new machine. */
  alive = true;
  /** For a machine with a browser. */
  wire: Wire | undefined;
  disk: TabletDisk | undefined;
  /** Hears what it writes to its console. */
  onError: (error: unknown) => void = () => undefined;

  constructor(name: string, clock: Clock, seed: string, skewMs = 0) {
    this.name = name;
    this.random = randomOf(seed, name);
    this.#clock = clock;
    this.skewMs = skewMs;
  }

  get now(): number {
    return this.#clock.now + this.skewMs;
  }
  /** Never jumps. */
  get uptime(): number {
    return this.#clock.now - this.#clock.startedAt;
  }

  run<T>(work: () => T): T {
    return inside.run(this, work);
  }

  /** Power off: nothing that is under way here goes on. */
  stop(): void {
    this.alive = false;
    this.#clock.forget(this);
  }

  after(ms: number, work: () => void): object {
    return this.#clock.set(this, work, ms);
  }

  delay(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.set(this, resolve, ms));
  }

  timer(work: () => void, ms: number, repeats: boolean): object {
    return this.#clock.set(this, work, ms, repeats);
  }
  clear(timer: unknown): void {
    this.#clock.clear(timer);
  }
}

const real = {
  now: Date.now, uptime: performance.now.bind(performance), random: Math.random, fill: crypto.getRandomValues.bind(crypto),
  error: console.error.bind(console), warn: console.warn.bind(console),
  setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval, clearTimeout: globalThis.clearTimeout, clearInterval: globalThis.clearInterval,
};

type Run = (...args: unknown[]) => void;
const timers = (start: typeof setTimeout | typeof setInterval, repeats: boolean) => (run: Run, ms = 0, ...args: unknown[]): unknown => {
  const machine = here();
  return machine ? machine.timer(() => run(...args), ms, repeats) : start(run, ms, ...args);
};
const clearing = (stop: (timer: never) => void) => (timer: unknown): void => {
  const machine = here();
  if (machine) machine.clear(timer);
  else stop(timer as never);
};

Date.now = () => here()?.now ?? real.now();
performance.now = () => here()?.uptime ?? real.uptime();
Math.random = () => here()?.random.next() ?? real.random();
crypto.getRandomValues = ((array: Uint32Array<ArrayBuffer>) => {
  const machine = here();
  if (!machine) return real.fill(array);
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).forEach((_, index, bytes) => (bytes[index] = machine.random.between(0, 255)));
  return array;
}) as typeof crypto.getRandomValues;
const logging = (log: typeof console.error) => (...words: unknown[]): void => {
  const machine = here();
  if (machine) machine.onError(words[0]);
  else log(...words);
};
console.error = logging(real.error);
console.warn = logging(real.warn);
globalThis.setTimeout = timers(real.setTimeout, false) as typeof setTimeout;
globalThis.setInterval = timers(real.setInterval, true) as typeof setInterval;
globalThis.clearTimeout = clearing(real.clearTimeout) as typeof clearTimeout;
globalThis.clearInterval = clearing(real.clearInterval) as typeof clearInterval;

/** `new WebSocket` of the machine it is called in. */
function socket(url: string, protocols: string[]): unknown {
  const machine = here();
  if (!machine?.wire) throw new Error('a socket outside of every simulated browser');
  return machine.wire.connect(machine, url, protocols);
}
globalThis.WebSocket = Object.assign(socket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }) as unknown as typeof WebSocket;

/** Not a real `Response`: reading its body would take turns of the real event loop. */
const responseOf = ({ status, headers, body }: HttpAnswer): Response =>
  ({
    status,
    ok: status >= 200 && status < 300,
    headers: new Headers(headers),
    json: async () => JSON.parse(new TextDecoder().decode(body)) as unknown,
    arrayBuffer: async () => body.slice().buffer,
  }) as unknown as Response;

globalThis.fetch = (async (url: string, init: RequestInit = {}) => {
  const machine = here();
  if (!machine?.wire) throw new Error('a request outside of every simulated browser');
  const headers = Object.fromEntries(new Headers(init.headers));
  return responseOf(await machine.wire.fetch(machine, { from: machine.name, method: init.method ?? 'GET', path: new URL(url).pathname, headers, body: String(init.body ?? '') }));
}) as typeof fetch;

/** The machine this runs in, with the disk of its browser. */
export function browser(): [Machine, TabletDisk] {
  const machine = here();
  if (!machine?.disk) throw new Error('storage outside of every simulated browser');
  return [machine, machine.disk];
}
