/**
 * BF1 Bundles of what this tablet stated and nobody has confirmed, in the order in which it was stated, each small enough for
 * one request. Nothing of what others stated is in them: who says what somebody else stated proves nothing (SR51). Their own
 * bundles, as they signed them, can travel in the same file.
 */
import { decodeFact } from '../../domain/kernel/fact.ts';
import { bundleText, sealPart, writeBody, type Bundle, type BundleBody } from '../../protocol/bundle.ts';
import type { FilesGrant } from '../../protocol/files.ts';
import type { Cell } from '../../protocol/updateCodec.ts';
import { runs, type Placed } from '../rooms/backlog.ts';

/** What this tablet has to carry of one room. */
export interface Share {
  readonly room: string;
  /** In the order in which they were stated. */
  readonly cells: readonly Placed[];
  /** What it had stated of a record before, and others already know. */
  earlier(record: string): readonly Cell[];
}

export interface Packed {
  readonly bundles: readonly Bundle[];
  readonly facts: number;
  /** Facts in rooms for which there is no key. */
  readonly left: number;
}

/** In code units of text, each of which is at most three bytes: a bundle stays below what one request may hold. */
const bundleMaxUnits = 170_000;

interface Piece {
  readonly share: Share;
  readonly cell: Placed;
}

export async function packBundles(shares: readonly Share[], device: string, files: FilesGrant, sign: (text: string) => Promise<string>, now: number): Promise<Packed> {
  const bundles: Bundle[] = [];
  let facts = 0;
  let left = 0;
  for (const pieces of inBundles(shares.flatMap((share) => share.cells.map((cell) => ({ share, cell }))))) {
    const rooms: BundleBody['rooms'] = [];
    for (const [share, own] of Map.groupBy(pieces, (piece) => piece.share)) {
      const cells = own.map(({ cell }) => cell);
      const sealed = await sealPart(share.room, device, { runs: plain(cells), earlier: earlierOf(share, cells) }, files.keys);
      if (sealed === undefined) {
        left += cells.length;
        continue;
      }
      rooms.push({ room: share.room, facts: cells.length, sealed });
      facts += cells.length;
    }
    if (rooms.length === 0) continue;
    const body = writeBody({ createdAt: now, certificate: files.certificate, rooms });
    bundles.push({ body, signature: await sign(bundleText(body)) });
  }
  return { bundles, facts, left };
}

function inBundles(pieces: readonly Piece[]): Piece[][] {
  const bundles: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    if (room <= 0) {
      bundles.push([]);
      room = bundleMaxUnits;
    }
    bundles.at(-1)?.push(piece);
    room -= piece.cell.json.length + piece.cell.id.length;
  }
  return bundles;
}

const plain = (cells: readonly Placed[]) => runs(cells).map(({ client, clock, cells: own }) => ({ client, clock, cells: own.map(({ id, json }) => ({ id, json })) }));

/** A colleague's tablet may have been away for longer than this one: what these facts stand on comes along. */
function earlierOf(share: Share, cells: readonly Placed[]): Cell[] {
  const inside = new Set(cells.map(({ id }) => id));
  const changed = cells.map(({ id, json }) => decodeFact(id, json)).filter(({ base }) => base.length > 0);
  return [...new Set(changed.map(({ record }) => record))].flatMap((record) => share.earlier(record)).filter(({ id }) => !inside.has(id));
}
