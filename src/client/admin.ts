/**
 * People, tablets, invitations, the log and the review tray: what stands in the server's own tables and in no room. Seen and
 * changed online only; nothing of it is kept on the tablet.
 */
import * as v from 'valibot';
import { parseFact, type Fact } from '../domain/kernel/fact.ts';
import { err, ok, type Result } from '../domain/kernel/result.ts';
import {
  actAnswerSchema, actRefusedSchema, auditSchema, registrySchema, reviewSchema,
  type ActAnswer, type ActRefusal, type AdminAct, type AuditEntry, type Registry, type ReviewEntry,
} from '../protocol/identity.ts';
import type { ReplicaCalls } from '../replica/contract.ts';

export { newPinMinutes } from '../protocol/identity.ts';
export type { ActRefusal, AdminAct, AuditEntry, Device, Invitation, Person, Registry, ReviewEntry } from '../protocol/identity.ts';

/** `busy`: asked too often, later will do. `broken`: the server failed. `full`: its disk is. `demo`: it has seats instead of people. */
export type AdminFailure = 'offline' | 'busy' | 'broken' | 'full' | 'barred' | 'demo';

export interface Admin {
  registry(): Promise<Result<Registry, AdminFailure>>;
  act(act: AdminAct): Promise<Result<ActAnswer, AdminFailure | ActRefusal>>;
  audit(): Promise<Result<readonly AuditEntry[], AdminFailure>>;
  review(): Promise<Result<readonly ReviewEntry[], AdminFailure>>;
}

const answerWithinMs = 20_000;

// 502 and 504 are a proxy's, in front of a server that is down.
const failures: Readonly<Record<number, AdminFailure>> = { 401: 'barred', 403: 'barred', 404: 'demo', 429: 'busy', 502: 'offline', 504: 'offline' };

async function failureOf(response: Response): Promise<AdminFailure | undefined> {
  const { status } = response;
  if (status === 503) return v.is(diskFull, await response.json().catch(() => undefined)) ? 'full' : 'busy';
  return failures[status] ?? (status >= 500 ? 'broken' : undefined);
}
const diskFull = v.object({ error: v.literal('disk-full') });

export function createAdmin(calls: Pick<ReplicaCalls, 'ticket'>): Admin {
  /** @returns the answer, or why there is none */
  async function ask(path: string, body?: AdminAct): Promise<Result<Response, AdminFailure>> {
    const ticket = await calls.ticket();
    if (!ticket.ok) return ticket;
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        signal: AbortSignal.timeout(answerWithinMs),
        headers: { authorization: `Bearer ${ticket.value}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      const failure = await failureOf(response);
      return failure ? err(failure) : ok(response);
    } catch {
      return err('offline');
    }
  }

  async function read<Schema extends v.GenericSchema>(response: Response, schema: Schema): Promise<Result<v.InferOutput<Schema>, 'offline'>> {
    const parsed = v.safeParse(schema, await response.json().catch(() => undefined));
    // A network that wants a sign-in first answers with a page of its own.
    return parsed.success ? ok(parsed.output) : err('offline');
  }

  async function get<Schema extends v.GenericSchema>(path: string, schema: Schema): Promise<Result<v.InferOutput<Schema>, AdminFailure>> {
    const answer = await ask(path);
    return answer.ok ? read(answer.value, schema) : answer;
  }

  return {
    registry: () => get('/api/admin', registrySchema),
    audit: () => get('/api/admin/audit', auditSchema),
    review: () => get('/api/admin/review', reviewSchema),
    async act(act) {
      const answer = await ask('/api/admin', act);
      if (!answer.ok) return answer;
      if (answer.value.ok) return read(answer.value, actAnswerSchema);
      const refused = await read(answer.value, actRefusedSchema);
      return refused.ok ? err(refused.value.error) : refused;
    },
  };
}

/** @returns undefined for what is no fact: it is shown as it is */
export const reviewedFact = ({ fact, json }: ReviewEntry): Fact | undefined => parseFact(fact, json);
