/**
 * The HTTP side of `src/protocol/identity.ts`: what tablets and supervisors ask.
 *
 * - IE4 Wrong codes beyond the limit get 429 and `Retry-After`.
 * - IR7 Handovers are long, and read before anything is proved: few at once, the others come back.
 * - SR50 On a full disk nothing is changed, and whoever asked for a change hears so.
 * - IA8 The registry, acts, the log and the review list are a supervisor's.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { nameText } from '../../src/domain/kernel/fields.ts';
import { mayAsk } from '../../src/domain/permission.ts';
import type { TicketGrant } from '../../src/protocol/api.ts';
import { adminActSchema, handoverMaxFacts, handoverSchema, joinRequestSchema, keyProofSchema, seatKeyProofSchema, type AdminAct } from '../../src/protocol/identity.ts';
import type { Identity } from '../identity/identity.ts';
import { rosterOf } from '../identity/roster.ts';
import type { Rooms } from '../rooms/rooms.ts';
import { StorageError } from '../storage/contract.ts';
import { hintOf } from './hints.ts';
import { operatorPath, type OperatorApi } from './operatorApi.ts';
import type { PeerOf } from './peer.ts';
import { readJson, sendError, sendJson } from './respond.ts';

const bodyMaxBytes = 8_192;
const handoverMaxBytes = 4 * 1_048_576;
/** So many long bodies are read at once: nobody has proved anything before the last byte. */
const handoversMax = 8;

export interface IdentityApiOptions {
  readonly identity: Identity;
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly peerOf: PeerOf;
  readonly restoredAt: number | undefined;
  readonly operator: OperatorApi | undefined;
}

/** @returns false for what is no path of identity */
export type IdentityApi = (path: string, request: IncomingMessage, response: ServerResponse, actor: Actor | undefined) => Promise<boolean>;

const joinStatus = { code: 403, taken: 409, key: 400, name: 422 } as const;

const refuse = (response: ServerResponse, status: number, error: Parameters<typeof hintOf>[0]): void => sendError(response, status, error, hintOf(error));

export function createIdentityApi({ identity, rooms, now, peerOf, restoredAt, operator }: IdentityApiOptions): IdentityApi {
  const { joining, proofs, tablets, review } = identity;
  let handovers = 0;

  async function join(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = await readJson(request, response, bodyMaxBytes, joinRequestSchema, 'Send {"code", "device", "tablet", "label", "key"} as JSON.');
    if (!wanted) return;
    const joined = await joining.join(wanted, peerOf(request).address);
    if (joined.ok) return sendJson(response, 200, joined.value);
    const { error } = joined;
    if (error.error !== 'wait') return refuse(response, joinStatus[error.error], error.error);
    response.setHeader('retry-after', String(Math.ceil(error.ms / 1_000)));
    sendError(response, 429, 'too-many-codes', 'Too many wrong codes were tried. Wait some minutes, then try again.');
  }

  const readProof = (request: IncomingMessage, response: ServerResponse) => readJson(request, response, bodyMaxBytes, keyProofSchema, 'Send {"device", "nonce", "signature"} as JSON.');

  async function giveTicket(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const proof = await readProof(request, response);
    if (!proof) return;
    const granted = tablets.ticket(proof);
    if (!granted.ok) return refuse(response, 403, granted.error);
    const { grids } = await rosterOf(rooms, granted.value.actor.community);
    const grant: TicketGrant = {
      ...granted.value, actor: { ...granted.value.actor, grids: [...granted.value.actor.grids], partners: [...granted.value.actor.partners] } as TicketGrant['actor'],
      serverNow: now(), communityGrids: [...grids], ...(restoredAt !== undefined && { restoredAt }),
    };
    sendJson(response, 200, grant);
  }

  async function handOver(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (handovers >= handoversMax) {
      response.setHeader('retry-after', '5');
      return sendError(response, 503, 'busy', 'Too many tablets hand over at once. Try again in a few seconds.');
    }
    handovers += 1;
    try {
      const handover = await readJson(request, response, handoverMaxBytes, handoverSchema, `Send {"device", "nonce", "signature", "facts"} as JSON, at most ${handoverMaxFacts} facts.`);
      if (!handover) return;
      const device = tablets.handingOver(handover);
      if (!device.ok) return refuse(response, device.error === 'not-now' ? 409 : 403, device.error);
      sendJson(response, 200, { kept: await review.handOver(device.value, handover.facts) });
    } finally {
      handovers -= 1;
    }
  }

  async function act(actor: Actor, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const wanted = await readJson(request, response, bodyMaxBytes, adminActSchema, 'Send one of the acts of the protocol as JSON.');
    if (!wanted) return;
    if (!hasCleanName(wanted)) return sendError(response, 400, 'bad-request', 'A name is text without control characters.');
    const done = await identity.act({ by: actor.person, community: actor.community, device: actor.device }, wanted);
    if (done.ok) return sendJson(response, 200, done.value);
    refuse(response, 422, done.error);
  }

  const byProof: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>> = {
    '/api/join': join,
    '/api/tickets': giveTicket,
    '/api/handover': handOver,
    async '/api/join/state'(request, response) {
      const proof = await readProof(request, response);
      const answer = proof && tablets.joinState(proof);
      if (answer?.ok) sendJson(response, 200, answer.value);
      else if (answer) refuse(response, 403, answer.error);
    },
    async '/api/check-in'(request, response) {
      const proof = await readProof(request, response);
      const answer = proof && tablets.checkIn(proof);
      if (answer?.ok) sendJson(response, 200, answer.value);
      else if (answer) refuse(response, 403, answer.error);
    },
    async '/api/seat-key'(request, response) {
      const proof = await readJson(request, response, bodyMaxBytes, seatKeyProofSchema, 'Send {"device", "nonce", "signature", "key", "seatSignature"} as JSON.');
      const answer = proof && (await tablets.seatKey(proof));
      if (answer?.ok) sendJson(response, 200, answer.value);
      else if (answer) refuse(response, answer.error === 'taken' ? 409 : 403, answer.error);
    },
    async '/api/recovery'(request, response) {
      const proof = await readProof(request, response);
      const answer = proof && (await tablets.recovery(proof));
      if (answer?.ok) sendJson(response, 200, answer.value);
      else if (answer) refuse(response, 403, answer.error);
    },
    async '/api/wiped'(request, response) {
      const proof = await readProof(request, response);
      const answer = proof && (await tablets.wiped(proof));
      if (answer?.ok) sendJson(response, 200, answer.value);
      else if (answer) refuse(response, answer.error === 'not-now' ? 409 : 403, answer.error);
    },
  };

  const forSupervisors: Readonly<Record<string, (actor: Actor, request: IncomingMessage, response: ServerResponse) => Promise<void> | void>> = {
    'GET /api/admin': ({ community }, _request, response) => sendJson(response, 200, identity.view(community)),
    'POST /api/admin': act,
    'GET /api/admin/audit': ({ community }, _request, response) => sendJson(response, 200, identity.audit(community)),
    'GET /api/admin/review': ({ community }, _request, response) => sendJson(response, 200, review.list(community)),
  };

  async function answer(path: string, request: IncomingMessage, response: ServerResponse, actor: Actor | undefined): Promise<boolean> {
    const { method = '' } = request;
    if (path === '/api/challenge' && method === 'GET') {
      sendJson(response, 200, { nonce: proofs.challenge() });
      return true;
    }
    const proved = method === 'POST' && Object.hasOwn(byProof, path) ? byProof[path] : undefined;
    if (proved) {
      await proved(request, response);
      return true;
    }
    if (path === operatorPath && operator) return operator(request, response);
    const key = `${method} ${path}`;
    const administer = Object.hasOwn(forSupervisors, key) ? forSupervisors[key] : undefined;
    if (!administer) return false;
    if (!actor) sendError(response, 401, 'unauthenticated', 'Send a valid ticket as Authorization: Bearer.');
    else if (!mayAsk(actor, 'administer')) sendError(response, 403, 'forbidden', 'People and devices are administered by supervisors.');
    else await administer(actor, request, response);
    return true;
  }

  return async (...asked) => {
    try {
      return await answer(...asked);
    } catch (error) {
      if (!(error instanceof StorageError) || error.fault !== 'full') throw error;
      sendError(asked[2], 503, 'disk-full', 'The disk of the server is full. Nothing was changed; try again when there is room.');
      return true;
    }
  };
}

/** It goes into the roster, whose names are clean. */
const hasCleanName = (act: AdminAct): boolean => !('name' in act) || v.is(nameText, act.name);
