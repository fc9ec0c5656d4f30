/**
 * The registry: communities, people, devices, invitations and what waits for review, in memory and on disk.
 *
 * - IA2 One change at a time, decided on everything before it; it counts once it is durable, whole or not at all.
 */
import type * as v from 'valibot';
import type { Person } from '../../src/protocol/identity.ts';
import { personSchema } from '../../src/protocol/identity.ts';
import type { Result } from '../../src/domain/kernel/result.ts';
import { ok } from '../../src/domain/kernel/result.ts';
import type { Storage } from '../storage/contract.ts';
import { openAudit, type Audit, type AuditLine } from './audit.ts';
import {
  communitySchema, deviceRecordSchema, invitationRecordSchema, parseStored, prefixes, reviewRecordSchema, seatKey,
  type Community, type DeviceRecord, type InvitationRecord, type ReviewRecord,
} from './records.ts';

interface Tables {
  /** By slug. */
  readonly communities: ReadonlyMap<string, Community>;
  /** By `seatKey`. */
  readonly people: ReadonlyMap<string, Person>;
  /** By tag. */
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  readonly invitations: ReadonlyMap<string, InvitationRecord>;
  /** By fact. */
  readonly review: ReadonlyMap<string, ReviewRecord>;
}
export type State = Tables;

/** Records to be kept, and the line that says why. */
export type Change = { readonly [Table in keyof Tables]?: readonly (Tables[Table] extends ReadonlyMap<string, infer Record> ? Record : never)[] } & { readonly audit: AuditLine;
  /** The same act in the logs of other communities it reaches. */
  readonly elsewhere?: readonly AuditLine[];
};

export interface Decided<T> {
  /** Undefined when nothing has to change. */
  readonly change?: Change | undefined;
  readonly answer: T;
}

export interface Registry {
  readonly state: State;
  readonly audit: Audit;
  /** IA2. Whoever decides sees what all earlier changes made. */
  change<T, E>(decide: (state: State) => Result<Decided<T>, E> | Promise<Result<Decided<T>, E>>): Promise<Result<T, E>>;
}

const keyOf: { readonly [Table in keyof Tables]: (record: Tables[Table] extends ReadonlyMap<string, infer Record> ? Record : never) => string } = {
  communities: ({ slug }) => slug,
  people: seatKey,
  devices: ({ tag }) => tag,
  invitations: ({ id }) => id,
  review: ({ fact }) => fact,
};

/** @param onChanged after each change, once it is durable @throws StorageError when what is kept was tampered with */
export async function openRegistry(storage: Storage, now: () => number, onChanged: () => void): Promise<Registry> {
  async function load<Kept>(prefix: string, schema: v.GenericSchema<unknown, Kept>): Promise<Map<string, Kept>> {
    return new Map([...(await storage.entries(prefix))].map(([key, value]) => [key.slice(prefix.length), parseStored(schema, value)]));
  }
  const tables = {
    communities: await load(prefixes.communities, communitySchema),
    people: await load(prefixes.people, personSchema),
    devices: await load(prefixes.devices, deviceRecordSchema),
    invitations: await load(prefixes.invitations, invitationRecordSchema),
    review: await load(prefixes.review, reviewRecordSchema),
  };
  const audit = await openAudit(storage);
  let turn: Promise<unknown> = Promise.resolve();

  async function keep(change: Change): Promise<void> {
    const lines = audit.next([change.audit, ...(change.elsewhere ?? [])], now());
    const entries = new Map(lines.entries);
    const applied: (() => void)[] = [];
    function add<Kept>(prefix: string, table: Map<string, Kept>, key: (record: Kept) => string, records: readonly Kept[] = []): void {
      for (const record of records) {
        entries.set(prefix + key(record), JSON.stringify(record));
        applied.push(() => table.set(key(record), record));
      }
    }
    add(prefixes.communities, tables.communities, keyOf.communities, change.communities);
    add(prefixes.people, tables.people, keyOf.people, change.people);
    add(prefixes.devices, tables.devices, keyOf.devices, change.devices);
    add(prefixes.invitations, tables.invitations, keyOf.invitations, change.invitations);
    add(prefixes.review, tables.review, keyOf.review, change.review);
    await storage.putAll(entries);
    lines.written();
    for (const apply of applied) apply();
    onChanged();
  }

  return {
    state: tables,
    audit,
    change(decide) {
      const decided = turn.then(async () => {
        const result = await decide(tables);
        if (!result.ok) return result;
        if (result.value.change) await keep(result.value.change);
        return ok(result.value.answer);
      });
      // Each caller hears of its own failure; the next one's turn comes all the same.
      turn = decided.catch(() => undefined);
      return decided;
    },
  };
}
