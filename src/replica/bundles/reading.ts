/**
 * A bundle file, looked at whole before anything of it is taken (BF2). What is in rooms that this tablet may not see stays
 * closed (BF3).
 */
import { deviceTagOf, encodeFact, parseFact } from '../../domain/kernel/fact.ts';
import { err, ok, type Result } from '../../domain/kernel/result.ts';
import type { Actor } from '../../domain/kernel/actor.ts';
import { openPart, readBundleFile, signatureFault, type BundleFault, type ReadBundle } from '../../protocol/bundle.ts';
import type { FilesGrant } from '../../protocol/files.ts';
import type { Cell } from '../../protocol/updateCodec.ts';
import type { BroughtRow, BundleRow } from '../journal/database.ts';

export interface Brought {
  readonly row: BundleRow;
  readonly rooms: readonly BroughtRow[];
}

export async function readBundles(content: string, community: string, files: FilesGrant, now: number): Promise<Result<readonly Brought[], BundleFault>> {
  const read = readBundleFile(content);
  if (!read.ok) return read;
  const all: Brought[] = [];
  for (const each of read.value) {
    const fault = await signatureFault(each, files.serverKey);
    if (fault) return err(fault);
    if (each.certificate.actor.community !== community) return err('community');
    const brought = await open(each, files, now);
    if (!brought) return err('damaged');
    all.push(brought);
  }
  return ok(all);
}

async function open({ bundle, body, certificate: { actor } }: ReadBundle, { keys }: FilesGrant, now: number): Promise<Brought | undefined> {
  const id = bundle.signature;
  const rooms: BroughtRow[] = [];
  let closed = 0;
  for (const each of body.rooms) {
    const part = await openPart(each, actor.device, keys);
    if (part === 'damaged') return undefined;
    if (part === 'closed') {
      closed += each.facts;
      continue;
    }
    const cells = [...part.earlier, ...part.runs.flatMap((run) => run.cells)];
    if (!cells.every((cell) => isOf(actor.device, cell))) return undefined;
    rooms.push({ key: `${id}\n${each.room}`, bundle: id, room: each.room, author: actor as Actor, facts: cells.map(({ id: fact, json }) => ({ id: fact, json })), broughtAt: now });
  }
  const facts = body.rooms.reduce((sum, each) => sum + each.facts, 0);
  const row: BundleRow = {
    id, person: actor.person, device: actor.device, createdAt: body.createdAt, broughtAt: now, facts, closed, state: 'waiting', reason: '', inReview: 0, settledAt: 0, bundle,
  };
  return { row, rooms };
}

function isOf(device: string, { id, json }: Cell): boolean {
  const fact = parseFact(id, json);
  return fact !== undefined && deviceTagOf(id) === device && encodeFact(fact) === json;
}
