/** A server with the smallest demo, and what a test of a counter does there without a screen: hours are logged, the ledger is read. */
import { expect } from 'vitest';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { Author } from './author.ts';
import { community, logOf } from './community.ts';
import { eventually, Peer, sitDown, StockClient, ticketProtocol, type Reachable } from './wire.ts';

/** At ten points an hour. */
export async function earn(server: Reachable, volunteer: string, points: number): Promise<void> {
  const li = await sitDown(server, 'li');
  const worker = new Author(li.actor);
  const log = await Peer.into(server, logOf(), li);
  await log.sync();
  const activity = worker.activity();
  log.update(worker.write(activity, worker.attendance(activity.record, volunteer, points)));
  await log.acked(worker.doc.clientID, 2);
  log.end();
}

export interface Books {
  /** Points by account. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly entries: readonly Fact[];
}

/** What the whole ledger says once the check holds. */
export async function booksWhen(server: Reachable, check: (books: Books) => void, months: readonly number[] = [Date.now()]): Promise<Books> {
  const he = await sitDown(server, 'he');
  const rooms = [...new Set([logOf().month ?? '', ...months.map(monthOf)])].map((month) => ({ community, family: 'ledger', month }) as const);
  const clients = rooms.map((room) => new StockClient(server, room, [ticketProtocol(he)]));
  try {
    return await eventually(() => {
      const entries = clients.flatMap(({ facts }) => Object.values(facts).map((json) => JSON.parse(String(json)) as Fact));
      const accounts = new Map<string, number>();
      for (const { set } of entries) {
        if (set['debit'] === undefined) continue;
        accounts.set(String(set['debit']), (accounts.get(String(set['debit'])) ?? 0) - Number(set['points']));
        accounts.set(String(set['credit']), (accounts.get(String(set['credit'])) ?? 0) + Number(set['points']));
      }
      const books = { accounts, entries };
      check(books);
      expect([...accounts.values()].reduce((sum, points) => sum + points, 0)).toBe(0);
      return books;
    });
  } finally {
    for (const client of clients) client.end();
  }
}

export const redeemedIn = ({ accounts }: Books): number => [...accounts].reduce((sum, [account, points]) => sum + (account.startsWith('redeemed:') ? points : 0), 0);
/** No claim is paid twice: of each, what stands of its moves. */
export const paidClaims = ({ entries }: Books): readonly string[] => entries.filter(({ set }) => set['reason'] === 'redeemed').map(({ set }) => String(set['claim'])).sort();
