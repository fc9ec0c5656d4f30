/** Bundle files as tablets make them: from an author's document, with what a ticket brought. */
import type { RoomAddress } from '../../src/domain/kernel/room.ts';
import { sign } from '../../src/keys/proving.ts';
import { writeBundleFile } from '../../src/protocol/bundle.ts';
import type { FilesGrant } from '../../src/protocol/files.ts';
import { formatRoomName } from '../../src/protocol/roomName.ts';
import { packBundles, type Packed, type Share } from '../../src/replica/bundles/making.ts';
import { cellsUpTo } from '../../src/replica/rooms/backlog.ts';
import type { Author } from './author.ts';

export const shareOf = (author: Author, room: RoomAddress): Share => ({
  room: formatRoomName(room), cells: cellsUpTo(author.doc, new Map([[author.doc.clientID, Number.MAX_SAFE_INTEGER]])), earlier: () => [],
});

/** In demo mode the ticket brings the key that signs. */
export async function demoSigner({ certificate, signer = '' }: FilesGrant): Promise<(text: string) => Promise<string>> {
  const { key } = JSON.parse(certificate.text) as { key: { x: string; y: string } };
  const own = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', ...key, d: signer }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return (text) => sign(own, text);
}

export const packed = (author: Author, room: RoomAddress, files: FilesGrant, signs: (text: string) => Promise<string>): Promise<Packed> =>
  packBundles([shareOf(author, room)], author.actor.device, files, signs, Date.now());

export const fileOf = async (...made: Parameters<typeof packed>): Promise<string> => writeBundleFile((await packed(...made)).bundles);
