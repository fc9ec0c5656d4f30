/**
 * What tablets sign and seal bundle files with, made from two secrets of the data folder.
 *
 * - BF1 A certificate is the server's word that a key is this device's, with the person and rights of that moment.
 * - BF3 Who gets a ticket gets the keys of the rooms they may see.
 */
import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { certificateText, keysFor, writeCertificate, type Certificate } from '../../src/protocol/bundle.ts';
import type { FilesGrant, PublicKey } from '../../src/protocol/files.ts';
import type { Storage } from '../storage/contract.ts';

const secretKey = 'file-secret';
const signerKey = 'file-signer';

export interface FileKeys {
  readonly publicKey: PublicKey;
  /** @param key the one behind the device's PIN; without one, in demo mode, a key is made and handed out too */
  grant(actor: Actor, key: PublicKey | undefined): FilesGrant;
  /** Opens every room of this community. */
  keysOf(community: string): FilesGrant['keys'];
}

interface PrivateJwk extends PublicKey {
  readonly d: string;
}

function newSigner(): PrivateJwk {
  const { x = '', y = '', d = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return { x, y, d };
}

async function kept(storage: Storage, key: string, make: () => string): Promise<string> {
  const known = await storage.get(key);
  if (known !== undefined) return known;
  const made = make();
  await storage.put(key, made);
  return made;
}

/** The secrets stay in the data folder and in its backups: files outlive both. */
export async function createFileKeys(storage: Storage, now: () => number): Promise<FileKeys> {
  const secret = await kept(storage, secretKey, () => randomBytes(32).toString('hex'));
  const { x, y, d } = JSON.parse(await kept(storage, signerKey, () => JSON.stringify(newSigner()))) as PrivateJwk;
  const signer = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y, d } });
  const publicKey = { x, y };
  const hmac = (key: string | undefined, of: string): string => createHmac('sha256', Buffer.from(key ?? secret, 'hex')).update(of).digest('hex');

  function certify(actor: Actor, key: PublicKey): FilesGrant['certificate'] {
    const text = writeCertificate({ actor: { ...actor, grids: [...actor.grids], partners: [...actor.partners] } as Certificate['actor'], key, issuedAt: now() });
    return { text, signature: sign('sha256', Buffer.from(certificateText(text)), { key: signer, dsaEncoding: 'ieee-p1363' }).toString('base64url') };
  }

  return {
    publicKey,
    grant(actor, key) {
      const made = key ? undefined : newSigner();
      const { person, role, community, grids, partners, device } = actor;
      const plain = { person, role, community, grids, partners, device };
      return {
        certificate: certify(plain, key ?? { x: made?.x ?? '', y: made?.y ?? '' }), serverKey: publicKey, keys: keysFor(actor, hmac), ...(made && { signer: made.d }),
      };
    },
    keysOf: (community) => keysFor({ person: 'per_all', role: 'supervisor', community, grids: [], partners: [], device: 'all0' }, hmac),
  };
}
