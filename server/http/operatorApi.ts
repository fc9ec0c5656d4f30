/** IA9: `POST /api/operator`, for the command line on the server's own machine. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isToken, operatorRequestSchema, type OperatorRequest } from '../identity/operator.ts';
import type { Identity } from '../identity/identity.ts';
import { operator } from '../identity/joining.ts';
import { hintOf } from './hints.ts';
import { plainAddress, type PeerOf } from './peer.ts';
import { readJson, sendError, sendJson } from './respond.ts';

export const operatorPath = '/api/operator';
const bodyMaxBytes = 8_192;

/** @returns false when, as far as the asker may know, there is no such path */
export type OperatorApi = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function createOperatorApi(identity: Identity, token: string, peerOf: PeerOf): OperatorApi {
  function isOperator(request: IncomingMessage): boolean {
    const { method, headers, socket } = request;
    const [, given = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    // No page is the operator, and whoever comes from another machine, or through a proxy, has another address than the one asked.
    const isHere = peerOf(request).address === plainAddress(socket.localAddress ?? '');
    return method === 'POST' && headers.origin === undefined && isHere && isToken(token, given);
  }

  const unknown = (response: ServerResponse): void => sendError(response, 422, 'unknown', 'There is no such community.');

  async function answer(asked: OperatorRequest, response: ServerResponse): Promise<void> {
    if (asked.ask === 'communities') return sendJson(response, 200, identity.communities());
    if (asked.ask === 'audit') return sendJson(response, 200, identity.wholeAudit());
    if (asked.ask === 'addCommunity') {
      const { slug, name, district } = asked;
      const added = await identity.addCommunity({ slug, name, district });
      return added.ok ? sendJson(response, 200, { ok: true }) : sendError(response, 422, added.error, hintOf(added.error));
    }
    const { community } = asked;
    if (!identity.communities().some(({ slug }) => slug === community)) return unknown(response);
    if (asked.ask === 'registry') return sendJson(response, 200, identity.view(community));
    if (asked.ask === 'review') return sendJson(response, 200, identity.review.list(community));
    const done = await identity.act({ by: operator, community }, asked.act);
    return done.ok ? sendJson(response, 200, done.value) : sendError(response, 422, done.error, hintOf(done.error));
  }

  return async (request, response) => {
    if (!isOperator(request)) return false;
    const asked = await readJson(request, response, bodyMaxBytes, operatorRequestSchema, 'This is none of the operator\'s requests.');
    if (asked) await answer(asked, response);
    return true;
  };
}
