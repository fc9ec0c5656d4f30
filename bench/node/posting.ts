/** The server's authority on a store of its own, without sockets: what is stated to it is durable, and posted when it is asked. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Authority } from '../../server/authority/authority.ts';
import { stateFacts } from '../../server/authority/state.ts';
import { standardLog } from '../../server/log.ts';
import { createRooms, type Rooms } from '../../server/rooms/rooms.ts';
import { openStorage } from '../../server/storage/open.ts';
import type { Actor } from '../../src/domain/kernel/actor.ts';
import { given } from '../../src/domain/kernel/edit.ts';
import type { Fact } from '../../src/domain/kernel/fact.ts';
import type { Folded } from '../../src/domain/kernel/fold.ts';
import type { RoomFamily } from '../../src/domain/kernel/room.ts';
import { monthOf } from '../../src/domain/kernel/time.ts';
import { claimId, hashInClaim } from '../../src/domain/redemption/ids.ts';
import type { PointsMoveFields } from '../../src/domain/redemption/schema.ts';
import { updateMaxBytes } from '../../src/protocol/messages.ts';
import { scaleCommunity as community } from '../../server/demo/scale.ts';
import type { RoomFacts } from '../records.ts';
import { updateOf } from '../server/work.ts';

export interface Books {
  readonly authority: Authority;
  state(rooms: readonly RoomFacts[]): Promise<void>;
  /** A counter comes into contact: until something is held for it. */
  open(counter: Actor): Promise<void>;
  /** States so many claims of one point each, as far as points are held. @returns how many it were */
  claim(counter: Actor, count: number): Promise<number>;
  /** Records of this month's ledger, e.g. `vrd_`. */
  ledger(prefix: string): Promise<readonly Folded[]>;
  close(): Promise<void>;
}

export function openBooks(now: number): Books {
  const folder = mkdtempSync(join(tmpdir(), 'linhuo-bench-'));
  const storage = openStorage(folder);
  const rooms: Rooms = createRooms({
    storage, now: () => now,
    // What is stated is not posted by itself, so that all of it is posted at once.
    onFacts: (room, facts) => {
      if (room.address.family === 'ledger') authority.noticed(room, facts);
    },
    onFault: (fault) => {
      throw fault;
    },
    onCommit: () => undefined,
  });
  const authority = createAuthority({ storage, rooms, now: () => now, log: standardLog });
  const open = (family: RoomFamily) => rooms.open({ community, family, month: monthOf(now) });
  const ledger = async (prefix: string): Promise<readonly Folded[]> => (await open('ledger')).facts.every(prefix);

  const heldUnder = async (grant: string): Promise<string[]> =>
    (await ledger('pmv_'))
      .map(({ fields }) => fields as PointsMoveFields)
      .flatMap((move) => (move.grant === grant && move.reason === 'held' ? Array.from({ length: move.points }, () => move.volunteer) : []));

  return {
    authority, ledger,
    async state(pages) {
      for (const { room, facts } of pages) await stateFacts(await rooms.open(room), facts);
    },
    async open({ device, ...counter }) {
      authority.contacted({ device, ...counter });
      while (!(await ledger('grt_')).some(({ fields }) => fields['device'] === device)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    async claim(counter, count) {
      const grant = (await ledger('grt_')).find(({ fields }) => fields['device'] === counter.device)?.record ?? '';
      let prev: string | undefined;
      const facts = (await heldUnder(grant)).slice(0, count).map((volunteer, index): Fact => {
        const set = given({ grant, seq: index + 1, prev, type: 'redeem', volunteer, points: 1, madeAt: now });
        const record = claimId(set);
        prev = hashInClaim(record);
        return { id: `${counter.device}-${index.toString(36)}`, record, kind: 'claim', base: [], set, by: counter.person, at: now };
      });
      const room = await open('claims');
      await new Promise<void>((resolve, reject) => {
        const accepted = room.submit(updateOf(facts).bytes, updateMaxBytes, { actor: counter, access: 'write' }, (fault) => (fault ? reject(fault) : resolve()));
        if (!accepted.ok) reject(new Error(`the gate refuses a counter's claims: ${JSON.stringify(accepted.error)}`));
      });
      return facts.length;
    },
    async close() {
      await authority.stop();
      await rooms.stop();
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
