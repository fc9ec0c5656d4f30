/**
 * One worker's part in owning the replica or passing calls on to its owner (TB1, TB2). Leaving is each tab's own: it ends
 * this worker's part, and closes the replica only where this worker owns it.
 */
import type { Actor } from '../domain/kernel/actor.ts';
import { ok, type Result } from '../domain/kernel/result.ts';
import type { Seating, SyncStatus, WorkDone } from './contract.ts';
import { Replica } from './replica.ts';
import { answer, channelName, lockName, type Call, type Relay, type Reply, type ToPage } from './rpc.ts';

type Failure = 'offline' | 'barred' | 'storage-blocked';

export class Host {
  readonly #toPage: (message: ToPage) => void;
  readonly #self = crypto.randomUUID();
  readonly #outstanding = new Map<number, Call>();
  #channel: BroadcastChannel | undefined;
  #seating: Seating | undefined;
  #replica: Promise<Result<Replica, Failure>> | undefined;
  #openAnswered = false;
  #release: (() => void) | undefined;
  readonly #left = new AbortController();

  constructor(toPage: (message: ToPage) => void) {
    this.#toPage = toPage;
  }

  /** The page's first call names the replica; every call is answered here or by the owner. */
  async take(call: Call): Promise<void> {
    if (call.name === 'open' && !this.#seating) await this.#sit(call.args[0] as Seating);
    this.#outstanding.set(call.id, call);
    if (call.name === 'leave') this.#reply(await this.#leave(call));
    else if (this.#replica) this.#reply(await this.#own(call));
    else this.#relay(call);
  }

  #reply(reply: Reply): void {
    if (this.#outstanding.delete(reply.id)) this.#toPage(reply);
  }

  /** TB3. The owner opens with the key that its own page gave it: what a page opens with goes to nobody else. */
  #relay(call: Call): void {
    this.#post({ type: 'relayed', from: this.#self, call: call.name === 'open' ? { ...call, args: [] } : call });
  }

  #post(relay: Relay): void {
    this.#channel?.postMessage(relay);
  }

  async #sit(seating: Seating): Promise<void> {
    this.#seating = seating;
    this.#channel = new BroadcastChannel(channelName(seating.replica));
    this.#channel.onmessage = (event: MessageEvent<Relay>) => this.#relayed(event.data);
    const name = lockName(seating.replica);
    const owned = await new Promise<boolean>((resolve) => {
      void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock ? this.#hold() : undefined;
      });
    });
    if (owned) return;
    navigator.locks.request(name, { signal: this.#left.signal }, () => this.#inherit()).catch((error: unknown) => {
      // Who leaves gives up the place in the queue; nothing else rejects.
      if (!this.#left.signal.aborted) throw error;
    });
  }

  async #leave(call: Call): Promise<Reply> {
    this.#left.abort();
    const replica = this.#replica;
    // From here on nothing is answered by a replica that closes: the next owner asks for what is still open.
    this.#replica = undefined;
    const opened = await replica;
    const reply: Reply = opened?.ok ? await answer(opened.value, call) : { type: 'reply', id: call.id, value: undefined };
    this.#release?.();
    return reply;
  }

  /** Opens the replica and keeps the lock until this worker leaves or dies. */
  #hold(): Promise<void> {
    this.#replica = this.#open();
    this.#post({ type: 'owner' });
    for (const call of this.#outstanding.values()) void this.#own(call).then((reply) => this.#reply(reply));
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** TB4. What the last owner began has ended by the time the replica is open: from here on a list that is read is whole. */
  #inherit(): Promise<void> {
    const held = this.#hold();
    const tell = (): void => {
      this.#toPage({ type: 'renew' });
      this.#post({ type: 'renew' });
    };
    // Why it does not open is told to whoever asks for anything.
    this.#replica?.then(tell, tell);
    return held;
  }

  #open(): Promise<Result<Replica, Failure>> {
    return Replica.open(this.#seating as Seating, (status) => this.#tell(status), (work) => this.#tellWork(work));
  }

  #tellWork(work: WorkDone): void {
    this.#toPage({ type: 'work', work });
    this.#post({ type: 'work', work });
  }

  /** A tab that has just asked to open may not be the owner's own. */
  #tell(status: SyncStatus): void {
    this.#toPage({ type: 'status', status });
    this.#post({ type: 'status', status });
  }

  async #own(call: Call): Promise<Reply> {
    const asked = this.#replica;
    if (!asked) throw new Error('a worker without the lock was asked to answer');
    let opened = await asked;
    if (call.name === 'open') {
      // Asked once more after a failure: the network or the storage may be back. Two tabs that ask at once share one try.
      if (!opened.ok && this.#openAnswered) {
        if (this.#replica === asked) this.#replica = this.#open();
        opened = (await this.#replica) ?? opened;
      }
      this.#openAnswered = true;
      if (opened.ok) this.#tell(opened.value.status());
      const value: Result<Actor, Failure> = opened.ok ? ok(opened.value.actor) : opened;
      return { type: 'reply', id: call.id, value };
    }
    if (!opened.ok) return { type: 'reply', id: call.id, failure: opened.error };
    return answer(opened.value, call);
  }

  #relayed(relay: Relay): void {
    if (relay.type === 'owner') for (const call of this.#outstanding.values()) this.#relay(call);
    else if (relay.type === 'answered' && relay.to === this.#self) this.#reply(relay.reply);
    else if (relay.type === 'renew' || relay.type === 'work' || (relay.type === 'status' && !this.#replica)) this.#toPage(relay);
    else if (relay.type === 'relayed' && this.#replica)
      void this.#own(relay.call).then((reply) => this.#post({ type: 'answered', to: relay.from, reply }));
  }
}
