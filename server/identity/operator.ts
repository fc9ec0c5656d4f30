/**
 * The operator: whoever may read the data folder of the running server. Each start makes a new token and leaves it there.
 *
 * - IA9 The operator's requests come from this very machine, with the token of this very start; to anybody else the path
 *   does not exist. The operator is held to the same acts as a supervisor, in any community, and every act is in the log.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { code, nameText } from '../../src/domain/kernel/fields.ts';
import { adminActSchema, shownName } from '../../src/protocol/identity.ts';

export const operatorFile = (data: string): string => join(data, 'operator-token');

/** What the file says: how to reach this server, and where tablets do. */
export const operatorAccessSchema = v.object({ token: v.string(), address: v.string(), origin: v.string() });
export type OperatorAccess = v.InferOutput<typeof operatorAccessSchema>;

export const operatorRequestSchema = v.variant('ask', [
  v.strictObject({ ask: v.literal('communities') }),
  v.strictObject({ ask: v.literal('addCommunity'), slug: code, name: shownName, district: nameText }),
  v.strictObject({ ask: v.literal('registry'), community: code }),
  v.strictObject({ ask: v.literal('review'), community: code }),
  v.strictObject({ ask: v.literal('audit') }),
  v.strictObject({ ask: v.literal('act'), community: code, act: adminActSchema }),
]);
export type OperatorRequest = v.InferOutput<typeof operatorRequestSchema>;

export const newOperatorToken = (): string => randomBytes(32).toString('hex');

export function isToken(token: string, given: string): boolean {
  const [ours, theirs] = [Buffer.from(token), Buffer.from(given)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

/** Nobody else may read it, not even for a moment. */
export function leaveAccess(data: string, access: OperatorAccess): void {
  const unfinished = `${operatorFile(data)}.unfinished`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(access)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(unfinished, operatorFile(data));
}
