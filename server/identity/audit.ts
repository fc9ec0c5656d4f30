/**
 * The audit log: every act, by whom, when and on what; only ever continued.
 *
 * - IA1 An act and its line are one write; each line's hash covers the line before it, and the last one is known: a line that
 *   was changed, taken out, added or cut off is noticed at the next start.
 */
import { createHash } from 'node:crypto';
import type { AuditEntry } from '../../src/protocol/identity.ts';
import { StorageError, type Storage } from '../storage/contract.ts';
import { auditHeadKey, auditHeadSchema, auditRecordSchema, parseStored, prefixes, type AuditRecord } from './records.ts';

/** What an act says of itself; number, time and hash are the log's. */
export interface AuditLine extends Pick<AuditEntry, 'by' | 'act' | 'on' | 'detail'> {
  readonly community: string;
}

export interface Audit {
  /** The write that continues the log, one line for each; `written` once it is durable. */
  next(added: readonly AuditLine[], at: number): { readonly entries: ReadonlyMap<string, string>; written(): void };
  /** Newest first. @param community '' for all */
  list(community: string, max: number): readonly AuditRecord[];
}

const start = createHash('sha256').update('linhuo audit').digest('hex');

const hashOf = (previous: string, { seq, at, by, act, on, detail, community }: Omit<AuditRecord, 'hash'>): string =>
  createHash('sha256').update(`${previous}\n${JSON.stringify([seq, at, by, act, on, detail, community])}`).digest('hex');

const keyOf = (seq: number): string => `${prefixes.audit}${String(seq).padStart(12, '0')}`;

/** @throws StorageError `damaged` with the first line that does not follow from the one before */
export async function openAudit(storage: Storage): Promise<Audit> {
  const lines: AuditRecord[] = [];
  const stored = await storage.entries(prefixes.audit);
  let hash = start;
  for (const key of [...stored.keys()].sort()) {
    const line = parseStored(auditRecordSchema, stored.get(key) ?? '');
    const expected = hashOf(hash, line);
    if (line.seq !== lines.length + 1 || key !== keyOf(line.seq) || line.hash !== expected) throw new StorageError('damaged', `The audit log breaks its chain at line ${lines.length + 1}`);
    lines.push(line);
    hash = expected;
  }
  const head = await storage.get(auditHeadKey);
  const last = head === undefined ? { seq: 0, hash: start } : parseStored(auditHeadSchema, head);
  if (last.seq !== lines.length || last.hash !== hash) throw new StorageError('damaged', `The audit log should end at line ${last.seq} and ends at ${lines.length}`);

  return {
    next(added, at) {
      let head = { seq: lines.length, hash };
      const records = added.map(({ by, act, on, detail, community }): AuditRecord => {
        const bare = { seq: head.seq + 1, at, by, act, on, detail, community };
        head = { seq: bare.seq, hash: hashOf(head.hash, bare) };
        return { ...bare, hash: head.hash };
      });
      return {
        entries: new Map([...records.map((record) => [keyOf(record.seq), JSON.stringify(record)] as const), [auditHeadKey, JSON.stringify(head)]]),
        written() {
          lines.push(...records);
          hash = head.hash;
        },
      };
    },
    list: (community, max) => lines.filter((line) => community === '' || line.community === community).slice(-max).reverse(),
  };
}
