/**
 * A tablet: the whole real replica (commands, rooms, journal, outbox, projection, connection, the stock y-websocket
 * provider) in a machine of its own, over a simulated disk and a simulated wire.
 */
import { randomOf, type Random } from '../../server/demo/random.ts';
import type { Saved, SyncStatus, ClashRow, Row, TrayEntry } from '../../src/replica/contract.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import type { OutboxRow } from '../../src/replica/journal/database.ts';
import { Replica } from '../../src/replica/replica.ts';
import type { Clock } from './clock.ts';
import { Machine } from './machine.ts';
import type { Act, Screens } from './screens.ts';
import { TabletDisk } from './tabletDisk.ts';
import type { Wire } from './wire.ts';

/** `saved`, or the type of the error a screen puts into words. */
export type Outcome = string;
/** A fact this tablet was told is saved. */
export interface SavedFact {
  readonly fact: string;
  readonly room: string;
  readonly record: string;
}

export class Tablet {
  readonly name: string;
  readonly seat: string;
  readonly disk: TabletDisk;
  readonly saved: SavedFact[] = [];
  readonly random: Random;
  machine: Machine | undefined;
  replica: Replica | undefined;
  skewMs = 0;
  onError: (error: unknown) => void = () => undefined;
  lastSave: Saved['facts'] = [];
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #seed: string;
  #startedAt = 0;
  #starts = 0;
  #requests = 0;

  constructor(name: string, seat: string, seed: string, clock: Clock, wire: Wire) {
    this.name = name;
    this.seat = seat;
    this.#seed = seed;
    this.#clock = clock;
    this.#wire = wire;
    this.random = randomOf(seed, 'tablet', name);
    this.disk = new TabletDisk(randomOf(seed, 'disk', name));
    this.disk.table('device').set('identity', { key: 'identity', value: { tag: name, secret: '0'.repeat(32) } });
  }

  /** @returns what came of it; resolves once the replica is open or has given up */
  start(): Promise<string> {
    this.#starts += 1;
    this.#startedAt = this.#clock.now;
    const machine = new Machine(this.name, this.#clock, `${this.#seed}/${this.#starts}`, this.skewMs);
    machine.wire = this.#wire;
    machine.disk = this.disk;
    machine.onError = (error) => this.onError(error);
    this.machine = machine;
    return machine.run(async () => {
      const opened = await Replica.open({ replica: this.name, seat: this.seat, server: 'http://server' }, () => undefined);
      if (this.machine !== machine) return 'gone';
      if (opened.ok) this.replica = opened.value;
      else {
        this.machine = undefined;
        machine.stop();
      }
      return opened.ok ? 'open' : opened.error;
    });
  }

  /** The tablet's power goes, in the middle of whatever it does. */
  crash(silently: boolean): void {
    const { machine } = this;
    if (!machine) return;
    machine.stop();
    this.disk.crash();
    this.#wire.powerOff(machine, silently);
    this.machine = undefined;
    this.replica = undefined;
    this.lastSave = [];
  }

  /** @param done hears how it ended, unless the tablet does not live to see it */
  run(act: Act, done: (outcome: Outcome) => void): void {
    const { replica, machine } = this;
    if (!replica || !machine) return;
    this.#requests += 1;
    const request = `${this.name}-${this.#requests}`;
    void machine.run(() => replica.run(request, act.command, act.input)).then((answer) => {
      if (!machine.alive) return;
      if (answer.ok) {
        this.lastSave = answer.value.facts;
        this.saved.push(...answer.value.facts.map(({ fact, ref }) => ({ fact, room: formatRoomName(ref.room), record: ref.record })));
      }
      done(answer.ok ? 'saved' : answer.error.type);
    }, (error: unknown) => {
      // Nothing was decided yet: the page hears that it could not be done, with its form as it was.
      this.onError(error);
      done('failed');
    });
  }

  /** What it goes by: the tag on its disk. */
  get device(): string {
    return (this.disk.table('device').get('identity') as { readonly value: { readonly tag: string } }).value.tag;
  }

  get ranForMs(): number {
    return this.machine ? this.#clock.now - this.#startedAt : 0;
  }

  setClock(skewMs: number): void {
    if (this.machine) this.machine.skewMs = skewMs;
    this.skewMs = skewMs;
  }

  /** 重新整理列表. */
  rebuildView(done: () => void): void {
    const { replica, machine } = this;
    if (!replica || !machine) return;
    // A view that cannot be written now is what the badge tells of and what opening the tablet mends.
    void machine.run(() => replica.rebuild()).then(done, () => undefined);
  }

  cutWire(cut: boolean): void {
    void this.machine?.run(() => this.replica?.cutWire(cut));
  }

  status(): SyncStatus | undefined {
    return this.replica && this.machine?.run(() => this.replica?.status());
  }

  /** What is on the screens. */
  screens(): Screens {
    return {
      now: this.#clock.now + this.skewMs,
      seat: this.seat,
      device: this.device,
      rows: (family, kind) => this.disk.rows<Row>(family).filter((row) => row.kind === kind),
      clashes: () => this.disk.rows<ClashRow>('clashes'),
      lastSave: this.lastSave,
    };
  }

  outbox(): OutboxRow[] {
    return this.disk.rows('outbox');
  }
  tray(): TrayEntry[] {
    return this.disk.rows('tray');
  }
}
