/**
 * A world of tablets and one server, made from a seed and moved step by step. The same seed makes the same steps, the same
 * ids and the same frames, byte for byte.
 */
import './machine.ts';
import './stage.ts';
import { randomOf, type Random } from '../../server/demo/random.ts';
import { instantOf } from '../../src/domain/kernel/time.ts';
import { Clock, settle } from './clock.ts';
import { Machine } from './machine.ts';
import { People, seatNames, type Town } from './people.ts';
import { ServerDisk } from './serverDisk.ts';
import { startServer } from './server.ts';
import { Tablet } from './tablet.ts';
import { Trace } from './trace.ts';
import { Wire } from './wire.ts';

/** What a run went through: a run that met nothing proves nothing. */
export interface Tally {
  saved: number;
  cuts: number;
  tabletCrashes: number;
  serverCrashes: number;
  refusedWrites: number;
  rightsChanged: number;
  /** Looks that somebody took at rooms that are not theirs. */
  spies: number;
}

export class World {
  readonly seed: string;
  readonly random: Random;
  readonly trace = new Trace();
  readonly clock: Clock;
  readonly wire: Wire;
  readonly people = new People();
  readonly serverDisk: ServerDisk;
  readonly tablets: Tablet[];
  readonly town: Town;
  /** Device tags that two tablets go by. */
  readonly copied = new Set<string>();
  copies = 0;
  readonly tally: Tally = { saved: 0, cuts: 0, tabletCrashes: 0, serverCrashes: 0, refusedWrites: 0, rightsChanged: 0, spies: 0 };
  spyCount = 0;
  /** Errors that nobody planned for: a run that logs one has failed. */
  readonly surprises: string[] = [];
  server: Machine | undefined;
  readonly startedAt: number;
  readonly #listeners = new Set(process.listeners('exit'));
  #serverStarts = 0;

  constructor(seed: string, tablets: number, town: Town = 'neighbourhood') {
    this.seed = seed;
    this.town = town;
    const seats = seatNames[town];
    this.random = randomOf(seed, 'world');
    this.startedAt = instantOf('2026-05-20', '08:00') + this.random.between(0, 16) * 86_400_000;
    this.clock = new Clock(this.startedAt);
    this.wire = new Wire(seed, this.trace);
    this.serverDisk = new ServerDisk(randomOf(seed, 'server disk'));
    this.tablets = Array.from({ length: tablets }, (_, index) => {
      const seat = seats[index % seats.length] ?? 'he';
      return this.#heard(new Tablet(`${seat.padEnd(4, 'x')}${index}`, seat, seed, this.clock, this.wire));
    });
  }

  #heard(tablet: Tablet): Tablet {
    tablet.onError = (error) => this.#surprised(tablet.name, error);
    return tablet;
  }

  /** The disk of a tablet as it is now, in another tablet. */
  copyTablet(tablet: Tablet): void {
    this.copies += 1;
    const copy = this.#heard(new Tablet(`${tablet.name}copy${String(this.copies)}`, tablet.seat, this.seed, this.clock, this.wire));
    copy.disk.become(tablet.disk);
    this.copied.add(tablet.device);
    this.tablets.push(copy);
    this.say(`${copy.name} is made of the disk of ${tablet.name}`);
    this.startTablet(copy);
  }

  say(line: string): void {
    this.trace.say(`${((this.clock.now - this.startedAt) / 1_000).toFixed(3)} ${line}`);
  }

  /** A disk that takes nothing is told of in the badge; everything else a console hears is a bug. */
  #surprised(name: string, error: unknown): void {
    if (error instanceof DOMException && ['QuotaExceededError', 'UnknownError', 'DatabaseClosedError'].includes(error.name)) return;
    const what = error instanceof Error ? `${error.name}: ${error.message} ${error.stack?.split('\n').slice(1, 4).join(' ') ?? ''}` : String(error);
    this.surprises.push(`${name} logs ${what}`);
  }

  #logged(event: string, details: string): void {
    this.say(`server: ${event} ${details}`);
    if (!/no space left|the disk failed/.test(details)) this.surprises.push(`the server logs ${event} ${details}`);
  }

  async startServer(): Promise<void> {
    if (this.server) return;
    this.#serverStarts += 1;
    const machine = new Machine('server', this.clock, `${this.seed}/${this.#serverStarts}`);
    this.server = machine;
    const starting = machine.run(() =>
      startServer({
        machine, storage: this.serverDisk.mount(machine), people: this.people,
        onBroken: (error) => {
          this.say(`the server ends: ${error.fault}`);
          machine.after(1, () => void this.crashServer(false));
        },
        onError: (event, details) => this.#logged(event, details instanceof Error ? details.message : JSON.stringify(details)),
      }),
    );
    void starting.then((reachable) => {
      if (!machine.alive) return;
      this.wire.server = reachable;
      this.say('server listens');
    });
    await settle();
  }

  async crashServer(silently: boolean): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.say(`server crashes${silently ? ' silently' : ''}`);
    this.tally.serverCrashes += 1;
    server.stop();
    this.server = undefined;
    this.wire.server = undefined;
    this.wire.powerOff(server, silently);
    await this.serverDisk.crash();
  }

  startTablet(tablet: Tablet): void {
    if (tablet.machine) return;
    void tablet.start().then((how) => this.say(`${tablet.name} is ${how}`));
  }

  crashTablet(tablet: Tablet, silently: boolean): void {
    this.say(`${tablet.name} crashes${silently ? ' silently' : ''}`);
    this.tally.tabletCrashes += 1;
    tablet.crash(silently);
  }

  /** Everything stops, and libraries forget what they told the process of this world. */
  end(): void {
    for (const tablet of this.tablets) tablet.machine?.stop();
    this.server?.stop();
    for (const listener of process.listeners('exit')) if (!this.#listeners.has(listener)) process.off('exit', listener);
  }
}
