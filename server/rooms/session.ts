/**
 * One socket in one room: y-protocols in, y-protocols out, and our own acknowledgement for those who asked for it.
 *
 * - SR12 A sync step 1 is answered with step 2 and then with the server's step 1; live frames come only after that.
 * - SR13 An acknowledgement names a clock only when every struct below it is on disk.
 * - SR14 A refusal is told with its reason, the update is kept in quarantine, and the socket closes with 4409.
 * - SR61 Whoever comes with a client of the room as it was before it was made anew is told to build it again, before anything
 *   is exchanged: nothing that was erased is offered, and nothing of before is mixed with what is now.
 * - SR15 Until a tablet has sent its first sync step 2, a live update that stands on what that step will bring is
 *   passed over instead of refused: the step brings it too.
 * - SR16 Whatever a peer sends that is no message of the protocol closes its own socket and nobody else's.
 * - SR32 A sync message that is broken or too large is refused in words before the socket closes with 4400 or 4413.
 * - SR11 While a peer rests, what had arrived of it already waits too.
 * - SR30 A reader that lets more than `bufferedMaxBytes` pile up is told to come back; nobody waits for it. While it has
 *   more than that to read of answers it asked for, it gets no further ones.
 * - SR17 Awareness is not passed on; an empty one every 20 s keeps stock clients from thinking the line dead.
 */
import { WebSocket, type RawData } from 'ws';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import type { Result } from '../../src/domain/kernel/result.ts';
import { closeCodes, type Refusal } from '../../src/protocol/closeReasons.ts';
import { encodeAcknowledgement, encodeRefusal, messageMaxBytes, updateMaxBytes } from '../../src/protocol/messages.ts';
import { messageOf, type Log } from '../log.ts';
import type { QuarantinedUpdate, StorageError } from '../storage/contract.ts';
import type { Submitter } from './gate.ts';
import { bufferedMaxBytes, createAllowance, restMaxMs, type Allowance } from './limits.ts';
import { keepAliveMessage, permissionDeniedMessage, readPeerMessage, type PeerMessage } from './messages.ts';
import type { Outgoing } from './outgoing.ts';
import { canReturn, submitReturning } from './returning.ts';
import type { Accepted, Listener, Room } from './room.ts';

/** Between two messages that waited, ms. */
const waitingStepMs = 16;
/** How long a peer may take to answer our close before it is cut off, ms. */
const closeGraceMs = 1_500;
/** Others' facts come back in many frames; one question is enough for those of this long, ms. */
const askAgainMs = 500;

export interface SessionHooks {
  /** A room was opened: from here on the device holds it. */
  opened?(actor: Actor, room: string): void;
  quarantine(entry: QuarantinedUpdate): void;
  heard(device: string): void;
  /** Between connecting and going, at each sign of life. */
  stillHeard(device: string): void;
  /** @param facts device → how many of its facts this tablet knows and the room lacks */
  lacking?(room: string, device: string, facts: ReadonlyMap<string, number>): void;
  now(): number;
}

/** What sessions share. */
export interface SessionParts {
  /** Of all sockets of the device together. */
  readonly shared: Allowance;
  readonly hooks: SessionHooks;
  readonly outgoing: Outgoing;
  readonly log: Log;
}

export class Session implements Listener {
  readonly device: string;
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #submitter: Submitter;
  readonly #wantsAcknowledgements: boolean;
  readonly #hooks: SessionHooks;
  readonly #outgoing: Outgoing;
  readonly #log: Log;
  readonly #shared: Allowance;
  readonly #allowance = createAllowance(() => performance.now());
  #alive = true;
  #restTimer: NodeJS.Timeout | undefined;
  /** What the kernel had handed over when the rest began. */
  #waiting: (readonly [data: RawData, binary: boolean])[] = [];
  #closing = false;
  #stepTwoSeen = false;
  /** SR52: this peer knows facts of others that the room lacks, and facts of its own wait for them. */
  #lacks = false;
  #left = false;
  #askTimer: NodeJS.Timeout | undefined;
  /** Bytes of initial answers that a slow line may still be draining: they don't count as falling behind. */
  #initialBytes = 0;

  /** @param wantsAcknowledgements whether the peer offered our subprotocol */
  constructor(socket: WebSocket, room: Room, submitter: Submitter, wantsAcknowledgements: boolean, { hooks, outgoing, log, shared }: SessionParts) {
    this.device = submitter.actor.device;
    this.#socket = socket;
    this.#room = room;
    this.#submitter = submitter;
    this.#wantsAcknowledgements = wantsAcknowledgements;
    this.#hooks = hooks;
    this.#outgoing = outgoing;
    this.#shared = shared;
    this.#log = log;
    room.hold(this);
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('ping', () => this.#spend(0));
    socket.on('close', () => {
      this.#closing = true;
      clearTimeout(this.#restTimer);
      this.#waiting = [];
      room.leave(this);
      hooks.heard(this.device);
    });
  }

  get actor(): Actor {
    return this.#submitter.actor;
  }

  receive(data: RawData, binary: boolean): void {
    if (this.#closing) return;
    this.#alive = true;
    if (this.#restTimer) this.#waiting.push([data, binary]);
    else this.#handle(data, binary);
    this.#spend(data instanceof Buffer ? data.byteLength : 0);
  }

  /** A bug in the handling of one message must not end the others' connections. */
  #handle(data: RawData, binary: boolean): void {
    try {
      this.#answer(binary && data instanceof Buffer ? readPeerMessage(data) : undefined);
    } catch (error) {
      this.#log.error('a message could not be handled', { device: this.device, reason: messageOf(error) });
      this.close(closeCodes.overloaded, 'internal error');
    }
  }

  #answer(message: PeerMessage | undefined): void {
    if (!message) return this.close(closeCodes.badRequest, 'no message of this protocol');
    // The room is gone from memory after a failed commit; a new connection reads it again.
    if (this.#room.failure) return this.dropped(this.#room.failure);
    if (message.type === 'refused') this.#turnAway(message.reason);
    else if (message.type === 'stepOne') this.#answerStepOne(message.known);
    else if (message.type !== 'ignored') this.#take(message.bytes, message.type === 'stepTwo');
  }

  frame(message: Uint8Array): void {
    if (this.#socket.bufferedAmount > bufferedMaxBytes + this.#initialBytes) this.close(closeCodes.overloaded, 'too slow');
    else this.#send(message);
    if (this.#left) this.#askTimer ??= setTimeout(() => this.#askAgain(), askAgainMs).unref();
  }

  dropped(fault: StorageError): void {
    this.close(closeCodes.overloaded, fault.fault === 'full' ? 'disk full' : 'storage failed');
  }

  rebased(): void {
    this.#reset({ reason: 'rebased' });
  }

  /** Every 20 s: a sign of life to the peer, and the end of one that gave none since the last. */
  beat(): void {
    if (this.#closing) return;
    if (!this.#alive) return this.#socket.terminate();
    this.#alive = false;
    this.#hooks.stillHeard(this.device);
    this.#socket.ping();
    this.#send(keepAliveMessage);
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#room.leave(this);
    closeSoon(this.#socket, code, reason);
  }

  #answerStepOne(known: ReadonlyMap<number, number>): void {
    // What is on its way and the frames behind it bring everything; one more copy of the room for each question would let a
    // peer that only asks fill the memory.
    if (this.#initialBytes > bufferedMaxBytes) return;
    const room = this.#room;
    for (const client of known.keys()) if (room.isRetired(client)) return this.rebased();
    const answer = this.#outgoing.mayAsk(this.device) ? room.stepTwo(known) : undefined;
    const given = answer && this.#outgoing.take(this.device, answer);
    if (!answer || !given) return this.close(closeCodes.overloaded, 'too much to read');
    this.#initialBytes += answer.byteLength;
    this.#send(answer, () => {
      this.#initialBytes -= answer.byteLength;
      given();
    });
    this.#send(room.stepOne());
    // What reached the disk while the line was down is confirmed now.
    this.#acknowledge(room.durableClientsOf(this.device));
    room.join(this);
  }

  #take(bytes: Uint8Array, stepTwo: boolean): void {
    let clients: readonly number[] = [];
    let durable = false;
    const submit = (offered: Uint8Array): Result<Accepted, Refusal> => this.#room.submit(offered, stepTwo ? messageMaxBytes : updateMaxBytes, this.#submitter, (fault) => {
      durable = !fault;
      if (durable) this.#acknowledge(clients);
    }, this);
    const accepted = stepTwo && canReturn(this.#room.address) ? this.#takeBack(bytes, submit) : submit(bytes);
    const early = !stepTwo && (!this.#stepTwoSeen || this.#lacks);
    if (stepTwo) this.#stepTwoSeen = true;
    if (accepted.ok) {
      clients = accepted.value.clients;
      // Nothing new and nothing under way: it was durable before we knew whom to tell.
      if (durable) this.#acknowledge(clients);
    } else if (early && standsOnMore(accepted.error)) this.#left ||= this.#lacks;
    else this.#refuse(accepted.error, bytes);
  }

  /** SR51. */
  #takeBack(bytes: Uint8Array, submit: (offered: Uint8Array) => Result<Accepted, Refusal>): Result<Accepted, Refusal> {
    const { result, left, lacking } = submitReturning(bytes, this.device, (fact) => this.#room.facts.has(fact), submit);
    this.#left = left;
    this.#lacks = lacking.size > 0;
    if (this.#lacks) this.#hooks.lacking?.(this.#room.name, this.device, lacking);
    return result;
  }

  /** SR52: a step 1 at any time is answered with a step 2. */
  #askAgain(): void {
    this.#askTimer = undefined;
    this.#send(this.#room.stepOne());
  }

  #acknowledge(clients: readonly number[]): void {
    if (!this.#wantsAcknowledgements || clients.length === 0) return;
    this.#send(encodeAcknowledgement(new Map(clients.map((client) => [client, this.#room.facts.durableClockOf(client)]))));
  }

  #refuse(refusal: Refusal, bytes: Uint8Array): void {
    const { actor } = this.#submitter;
    // ER5: of what is refused here nobody can tell who stands in it.
    const kept = this.#room.facts.hasErasures ? new Uint8Array() : bytes;
    this.#hooks.quarantine({
      room: this.#room.name, device: actor.device, person: actor.person,
      reason: refusal.reason, fact: refusal.fact ?? '', bytes: kept, at: this.#hooks.now(),
    });
    this.#reset(refusal);
  }

  #reset(refusal: Refusal): void {
    this.#sayWhy(refusal);
    this.close(closeCodes.mustReset, refusal.reason);
  }

  /** SR32: nothing of it could be kept for anybody to look at. */
  #turnAway(reason: 'malformed-update' | 'too-large'): void {
    this.#sayWhy({ reason });
    this.close(reason === 'too-large' ? closeCodes.tooLarge : closeCodes.badRequest, reason);
  }

  #sayWhy(refusal: Refusal): void {
    this.#send(this.#wantsAcknowledgements ? encodeRefusal(refusal) : permissionDeniedMessage(refusal.reason));
  }

  /** A peer that has gone says so through its close event, and asks again for what it missed. */
  #send(bytes: Uint8Array, sent?: () => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes, sent);
    else sent?.();
  }

  /** SR11: messages and pings alike. */
  #spend(bytes: number): void {
    const ms = Math.max(this.#allowance.spend(bytes), this.#shared.spend(bytes));
    if (ms > 0) this.#rest(ms);
  }

  #rest(ms: number): void {
    if (this.#restTimer || this.#closing) return;
    this.#socket.pause();
    this.#restTimer = setTimeout(() => this.#goOn(), Math.min(ms, restMaxMs)).unref();
  }

  #goOn(): void {
    this.#restTimer = undefined;
    const next = this.#waiting.shift();
    if (next) this.#handle(...next);
    if (this.#closing) return;
    // What waits was paid for when it came: one at a time, at the pace of the allowance.
    if (this.#waiting.length > 0) this.#rest(waitingStepMs);
    else this.#socket.resume();
  }
}

const standsOnMore = ({ reason }: Refusal): boolean => reason === 'gap' || reason === 'unknown-base';

/** A peer that does not answer the close is cut off. */
export function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  cutSoon(socket);
}

export function cutSoon(socket: WebSocket): void {
  setTimeout(() => socket.terminate(), closeGraceMs).unref();
}
