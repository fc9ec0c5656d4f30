/**
 * What the product meets in a simulated world instead of the outside: IndexedDB and the sockets of the operating system are
 * replaced. A few of its functions pass through a place where a test of the checkers can plant a bug; unless it does, they are
 * what they are. Everything else is real.
 */
import type * as crypto from 'node:crypto';
import { vi } from 'vitest';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { Listed } from '../../src/domain/kernel/listed.ts';
import type * as checks from '../../src/domain/check.ts';
import type * as access from '../../src/domain/access.ts';
import type * as folds from '../../src/domain/kernel/fold.ts';
import type * as postings from '../../src/domain/points/postings.ts';
import type * as bookings from '../../src/domain/redemption/booking.ts';
import type * as lefts from '../../src/domain/redemption/left.ts';
import type { PointsMoveFields } from '../../src/domain/redemption/schema.ts';
import type * as outboxes from '../../src/replica/journal/outbox.ts';
import type * as pending from '../../src/replica/projection/pending.ts';

vi.mock('../../src/replica/journal/database.ts', async () => {
  const [{ openTables }, { browser }] = await Promise.all([import('./journalTables.ts'), import('./machine.ts')]);
  return { openJournalDatabase: async () => openTables(...browser()) };
});
vi.mock('../../src/replica/projection/database.ts', async () => {
  const [{ openViews }, { browser }] = await Promise.all([import('./viewTables.ts'), import('./machine.ts')]);
  return { openProjection: async () => openViews(...browser()) };
});
vi.mock('ws', () => import('./osSockets.ts'));
// Only the global timers know in which machine they are set.
vi.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) }));
vi.mock('node:crypto', async (original) => {
  const [real, { here }] = await Promise.all([original<typeof crypto>(), import('./machine.ts')]);
  return {
    ...real,
    randomInt: (min: number, max: number) => here()?.random.between(min, max - 1) ?? real.randomInt(min, max),
    randomBytes: (size: number) => {
      const machine = here();
      return machine ? Buffer.from(Array.from({ length: size }, () => machine.random.between(0, 255))) : real.randomBytes(size);
    },
  };
});

/** Where bugs are planted. */
const tools = async () => {
  const [{ sabotage }, { here }] = await Promise.all([import('./sabotage.ts'), import('./machine.ts')]);
  return { sabotage, onServer: () => here()?.name === 'server' };
};

/** One more than is held. */
const generous = (purse: bookings.Purse): bookings.Purse => ({
  of: (account) => purse.of(account) + Number(account.startsWith('held:')), owed: (volunteer) => purse.owed(volunteer), overdue: (volunteer, month) => purse.overdue(volunteer, month),
});

/** A balance that is heard of: what the ledger says is held. */
function cachedLeft(moves: readonly Listed<PointsMoveFields>[]): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const { fields: { volunteer, points, debit, credit } } of moves)
    left.set(volunteer, (left.get(volunteer) ?? 0) + points * (Number(credit.startsWith('held:')) - Number(debit.startsWith('held:'))));
  return left;
}

vi.mock('../../src/domain/kernel/fold.ts', async (original) => {
  const [real, { sabotage }] = await Promise.all([original<typeof folds>(), tools()]);
  return {
    ...real,
    foldRecord: (facts: Iterable<Fact>) => {
      const folded = real.foldRecord(facts);
      if (!folded || !sabotage.is('foldByArrival')) return folded;
      const { deleted: _deleted, ...fields } = Object.assign({}, ...[...facts].map(({ set }) => set)) as Record<string, unknown>;
      return { ...folded, fields };
    },
  };
});
vi.mock('../../src/domain/access.ts', async (original) => {
  const [real, { sabotage, onServer }] = await Promise.all([original<typeof access>(), tools()]);
  return { ...real, accessTo: (...of: Parameters<typeof real.accessTo>) => (sabotage.is('openDoors') && onServer() ? 'write' : real.accessTo(...of)) };
});
vi.mock('../../src/domain/check.ts', async (original) => {
  const [real, { sabotage, onServer }] = await Promise.all([original<typeof checks>(), tools()]);
  return { ...real, checkFact: (...of: Parameters<typeof real.checkFact>) => (sabotage.is('blindGate') && onServer() ? undefined : real.checkFact(...of)) };
});
vi.mock('../../src/domain/points/postings.ts', async (original) => {
  const [real, { sabotage, onServer }] = await Promise.all([original<typeof postings>(), tools()]);
  return {
    ...real,
    decidePostings: (books: Parameters<typeof real.decidePostings>[0]) => {
      const due = real.decidePostings(books);
      if (!sabotage.is('stubbornAuthority') || !onServer()) return due;
      const paid = new Set(books.entries.map(({ fields }) => fields['attendance']));
      return due.filter(({ fields }) => fields.reverses === undefined && !paid.has(fields.attendance));
    },
  };
});
vi.mock('../../src/domain/redemption/left.ts', async (original) => {
  const [real, { sabotage, onServer }] = await Promise.all([original<typeof lefts>(), tools()]);
  return { ...real, leftUnder: (...[moves, claims]: Parameters<typeof real.leftUnder>) => (sabotage.is('cachedLeft') && !onServer() ? cachedLeft(moves) : real.leftUnder(moves, claims)) };
});
vi.mock('../../src/domain/redemption/booking.ts', async (original) => {
  const [real, { sabotage, onServer }] = await Promise.all([original<typeof bookings>(), tools()]);
  return {
    ...real,
    decideBookings: (...[books, purse, now]: Parameters<typeof real.decideBookings>) =>
      real.decideBookings(books, sabotage.is('generousAuthority') && onServer() ? generous(purse) : purse, now),
  };
});
vi.mock('../../src/replica/journal/outbox.ts', async (original) => {
  const [real, { sabotage }] = await Promise.all([original<typeof outboxes>(), tools()]);
  class Outbox extends real.Outbox {
    override mark(room: string, sent: boolean): void {
      super.mark(room, sent);
      if (sent && sabotage.is('sentIsConfirmed')) void this.confirm(room, new Map(this.all().map(({ client, clockEnd }) => [client, clockEnd])));
    }
  }
  return { ...real, Outbox };
});
vi.mock('../../src/replica/projection/pending.ts', async (original) => {
  const [real, { sabotage }] = await Promise.all([original<typeof pending>(), tools()]);
  class PendingStates extends real.PendingStates {
    override counts() {
      return sabotage.is('badgeLies') ? { saved: 0, sent: 0 } : super.counts();
    }
  }
  return { ...real, PendingStates };
});

// The stock provider listens for the end of the process, once for each socket.
process.setMaxListeners(0);
