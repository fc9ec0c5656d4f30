/** What identity asks of the server: a challenge, signed, sent back with the question. Parsed at the border; no throws. */
import * as v from 'valibot';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import { challengeSchema, refusedSchema, type ProofPurpose, type Refused } from '../protocol/identity.ts';
import type { Signer } from './proving.ts';

/** `offline`: it was not our server that answered, or nobody. `busy`: too many have asked. Else the server's own word. */
export type ServerFailure = 'offline' | 'busy' | 'barred' | Refused['error'];

const answerMaxMs = 20_000;

/** @returns the answer, or its status where it is none of 200 */
export async function ask(url: string, body?: unknown): Promise<Result<unknown, { readonly status: number; readonly body: unknown }>> {
  const sending = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { ...sending, cache: 'no-store', signal: AbortSignal.timeout(answerMaxMs) });
    const answered: unknown = await response.json().catch(() => undefined);
    return response.ok ? ok(answered) : err({ status: response.status, body: answered });
  } catch {
    return err({ status: 0, body: undefined });
  }
}

export function failureOf({ status, body }: { readonly status: number; readonly body: unknown }): ServerFailure {
  const refused = v.safeParse(refusedSchema, body);
  if (status === 403 && refused.success) return refused.output.error;
  if (status === 429) return 'busy';
  return status === 401 || status === 403 || status === 404 ? 'barred' : 'offline';
}

/** A captive portal answers 200 with its own page: not our server, so not online. */
function parsed<Schema extends v.GenericSchema>(body: unknown, schema: Schema): Result<v.InferOutput<Schema>, 'offline'> {
  const read = v.safeParse(schema, body);
  return read.success ? ok(read.output) : err('offline');
}

/**
 * Fetches a challenge, signs it for one purpose and posts the proof.
 * @param more what goes with the proof
 */
export const askWithProof = <Schema extends v.GenericSchema>(
  server: string, path: string, purpose: ProofPurpose, signer: Signer, schema: Schema, more: object = {},
): Promise<Result<v.InferOutput<Schema>, ServerFailure>> =>
  askSigned(server, path, schema, async (nonce) => {
    const proof = await signer(purpose, nonce);
    return proof && { ...proof, ...more };
  });

/** @param bodyFor what answers the challenge; undefined when there is nobody here any more who could */
export async function askSigned<Schema extends v.GenericSchema>(
  server: string, path: string, schema: Schema, bodyFor: (nonce: string) => Promise<object | undefined>,
): Promise<Result<v.InferOutput<Schema>, ServerFailure>> {
  const challenged = await ask(`${server}/api/challenge`);
  if (!challenged.ok) return err(failureOf(challenged.error));
  const challenge = parsed(challenged.value, challengeSchema);
  if (!challenge.ok) return challenge;
  const body = await bodyFor(challenge.value.nonce);
  if (!body) return err('unknown');
  const answered = await ask(`${server}${path}`, body);
  return answered.ok ? parsed(answered.value, schema) : err(failureOf(answered.error));
}
