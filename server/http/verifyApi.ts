/**
 * The HTTP side of `src/protocol/verify.ts`: the one question that is answered to people without a seat.
 *
 * - CE6 It is answered at a bounded pace, to each address and to all together: to try serials or codes is no way in.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { verifyRequestSchema } from '../../src/protocol/verify.ts';
import type { Verify } from '../certificates/verify.ts';
import { createPace } from '../identity/pace.ts';
import type { PeerOf } from './peer.ts';
import { readJson, sendError, sendJson } from './respond.ts';

const bodyMaxBytes = 512;
const everybody = '';

/** @returns false for what is no question about a certificate */
export type VerifyApi = (path: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function createVerifyApi(verify: Verify, peerOf: PeerOf): VerifyApi {
  const now = (): number => performance.now();
  // Somebody at a desk looks at a pile of papers.
  const each = createPace({ perSecond: 0.5, burst: 30, waitMaxMs: 0, now });
  // A month that nobody has open is read from the disk for it.
  const all = createPace({ perSecond: 10, burst: 100, waitMaxMs: 0, now });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return sendError(response, 405, 'method', 'POST {"serial", "code"} as JSON.');
    if (each.ask(peerOf(request).address) === undefined || all.ask(everybody) === undefined) {
      response.setHeader('retry-after', '10');
      return sendError(response, 429, 'too-fast', 'Too many certificates at once. Ask again in a little while.');
    }
    const asked = await readJson(request, response, bodyMaxBytes, verifyRequestSchema, 'Send {"serial", "code"} as they stand on the certificate.');
    if (asked) sendJson(response, 200, await verify(asked));
  }

  return async (path, request, response) => {
    if (path !== '/api/verify') return false;
    await answer(request, response);
    return true;
  };
}
