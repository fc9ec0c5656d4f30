/** Forms that were begun. Each write waits for the one before: what was typed last must not be overtaken while it is sealed. */
import type { Draft } from './contract.ts';
import type { JournalDatabase } from './journal/database.ts';
import type { JournalSealing } from './journal/sealed.ts';

export class Drafts {
  readonly #database: JournalDatabase;
  readonly #sealing: JournalSealing;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: JournalDatabase, sealing: JournalSealing) {
    this.#database = database;
    this.#sealing = sealing;
  }

  /** The latest first. */
  async all(): Promise<readonly Draft[]> {
    return this.#sealing.openRows('drafts', await this.#database.drafts.orderBy('changedAt').reverse().toArray());
  }

  save(draft: Draft): Promise<void> {
    return this.#inTurn(async () => void (await this.#database.drafts.bulkPut(await this.#sealing.rows('drafts', [draft]))));
  }

  drop(id: string): Promise<void> {
    return this.#inTurn(() => this.#database.drafts.delete(id));
  }

  #inTurn(write: () => PromiseLike<void>): Promise<void> {
    const written = this.#last.then(write, write);
    this.#last = written;
    return written;
  }
}
