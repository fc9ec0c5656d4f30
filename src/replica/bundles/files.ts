/** BF1 What this tablet signs and seals its files with, as the last ticket said: kept, so that files are made without a network. */
import * as v from 'valibot';
import { sign } from '../../keys/proving.ts';
import { signAs, type OpenedSeat } from '../../keys/seatKey.ts';
import type { FilesGrant } from '../../protocol/files.ts';
import { certificateSchema } from '../../protocol/bundle.ts';
import type { JournalDatabase } from '../journal/database.ts';
import type { JournalSealing } from '../journal/sealed.ts';

export class Files {
  readonly #database: JournalDatabase;
  readonly #sealing: JournalSealing;
  readonly #seat: OpenedSeat | undefined;
  #grant: FilesGrant | undefined;

  constructor(database: JournalDatabase, sealing: JournalSealing, seat: OpenedSeat | undefined) {
    this.#database = database;
    this.#sealing = sealing;
    this.#seat = seat;
  }

  get grant(): FilesGrant | undefined {
    return this.#grant;
  }

  async load(): Promise<void> {
    const [row] = await this.#sealing.openRows('files', await this.#database.files.toArray());
    this.#grant = row?.files;
  }

  async learn(grant: FilesGrant | undefined): Promise<void> {
    if (!grant) return;
    this.#grant = grant;
    await this.#database.files.bulkPut(await this.#sealing.rows('files', [{ key: 'own', files: grant }]));
  }

  /** @returns undefined when this tablet has no longer the key that the server vouched for: the next ticket brings another */
  async sign(text: string): Promise<string | undefined> {
    const grant = this.#grant;
    if (!grant) return undefined;
    const { key } = v.parse(v.pipe(v.string(), v.parseJson(), certificateSchema), grant.certificate.text);
    if (this.#seat) return signAs(this.#seat, key, text);
    if (grant.signer === undefined) return undefined;
    const own = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', ...key, d: grant.signer }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    return sign(own, text);
  }
}
