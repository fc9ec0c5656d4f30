/**
 * Sealing: what lies on the disk of an enrolled tablet is AES-GCM under its data key. Demo mode has no data key; there
 * nothing is sealed, and `undefined` stands in the place of a `Sealing`.
 *
 * - SL1 A piece opens only where it was sealed, whole: at another place, cut or changed by a bit it opens nowhere.
 * - SL2 Nothing is sealed or opened while a transaction of IndexedDB is open: it would be over before the answer comes.
 */
export type Bytes = Uint8Array<ArrayBuffer>;

export interface Sealing {
  /** @param place table and key of the row: what a piece cannot be moved away from */
  seal(place: string, bytes: Bytes): Promise<Bytes>;
  /** @throws NotSealedHere */
  open(place: string, sealed: Bytes): Promise<Bytes>;
}

export class NotSealedHere extends Error {
  constructor(place: string) {
    super(`not what this tablet sealed at ${place.replaceAll('\n', ' ')}`);
    this.name = 'NotSealedHere';
  }
}

const ivLength = 12;
/** The shortest there is: an IV and the tag of nothing. */
export const sealedMinBytes = ivLength + 16;

export function sealingOf(dataKey: CryptoKey): Sealing {
  const encoder = new TextEncoder();
  const algorithm = (place: string, iv: Bytes) => ({ name: 'AES-GCM', iv, additionalData: encoder.encode(`linhuo:v1\n${place}`) });
  return {
    async seal(place, bytes) {
      const iv = crypto.getRandomValues(new Uint8Array(ivLength));
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(place, iv), dataKey, bytes));
      const piece = new Uint8Array(ivLength + sealed.length);
      piece.set(iv);
      piece.set(sealed, ivLength);
      return piece;
    },
    async open(place, piece) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm(place, piece.subarray(0, ivLength)), dataKey, piece.subarray(ivLength)));
      } catch {
        throw new NotSealedHere(place);
      }
    },
  };
}

export const sealJson = async (sealing: Sealing, place: string, value: unknown): Promise<Bytes> => sealing.seal(place, new TextEncoder().encode(JSON.stringify(value)));

export const openJson = async (sealing: Sealing, place: string, sealed: Bytes): Promise<unknown> => JSON.parse(new TextDecoder().decode(await sealing.open(place, sealed)));
