/** Hands a bundle to the server, whoever stated it. */
import * as v from 'valibot';
import { bundleAnswerSchema, bundleRefusedSchema, type BundleAnswer, type BundleRefusal } from '../../protocol/bundle.ts';
import { ApiError } from './api.ts';

/**
 * `later`: the server takes nothing now, and will. `unanswered`: it was none of the answers of the protocol, as of an earlier
 * version or of a bug; the tablet goes on without it.
 */
export type Sent =
  | { readonly type: 'answered'; readonly rooms: BundleAnswer['rooms'] }
  | { readonly type: 'refused'; readonly error: BundleRefusal }
  | { readonly type: 'later' }
  | { readonly type: 'unanswered' };

const answerMaxMs = 60_000;

/** @throws ApiError when nobody answers */
export async function sendBundle(server: string, ticket: string, content: string): Promise<Sent> {
  let response: Response;
  try {
    response = await fetch(`${server}/api/bundles`, {
      method: 'POST', headers: { authorization: `Bearer ${ticket}`, 'content-type': 'application/json' }, body: content, cache: 'no-store', signal: AbortSignal.timeout(answerMaxMs),
    });
  } catch (cause) {
    throw new ApiError('offline', String(cause));
  }
  if (response.status === 429 || response.status === 503) return { type: 'later' };
  const body: unknown = await response.json().catch(() => undefined);
  const refused = v.safeParse(bundleRefusedSchema, body);
  if ((response.status === 422 || response.status === 413) && refused.success) return { type: 'refused', error: refused.output.error };
  const answered = v.safeParse(bundleAnswerSchema, body);
  return response.ok && answered.success ? { type: 'answered', rooms: answered.output.rooms } : { type: 'unanswered' };
}
