/** Two tabs of one browser: one worker's host owns the replica, the other passes its page's calls on. */
import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Host } from '../../../src/replica/host.ts';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import type { Reply } from '../../../src/replica/rpc.ts';
import { worker } from '../../support/community.ts';

class Tab {
  readonly #replies: Reply[] = [];
  readonly #host = new Host((message) => message.type === 'reply' && this.#replies.push(message));
  #next = 0;

  async call(name: string, ...args: readonly unknown[]): Promise<Reply> {
    const id = (this.#next += 1);
    void this.#host.take({ type: 'call', id, name, args });
    return vi.waitFor(() => {
      const reply = this.#replies.find((each) => each.id === id);
      if (!reply) throw new Error(`no answer to ${name}`);
      return reply;
    }, { timeout: 4_000, interval: 5 });
  }
}

async function tabs(replica: string): Promise<readonly [Tab, Tab]> {
  const journal = await openJournalDatabase(replica);
  await journal.device.put({ key: 'known', value: { actor: { ...worker }, communityGrids: [] } as never });
  journal.close();
  const both = [new Tab(), new Tab()] as const;
  for (const tab of both) expect(await tab.call('open', { replica, seat: 'x', server: 'http://127.0.0.1:9' })).toMatchObject({ value: { ok: true } });
  return both;
}

test('[TB1] a tab that leaves does not close the replica under the one that owns it', async () => {
  const [owner, other] = await tabs('leaving');
  await owner.call('setDeviceValue', 'a', 1);
  expect(await other.call('leave')).toMatchObject({ value: undefined });
  expect(await owner.call('deviceValue', 'a')).toMatchObject({ value: 1 });
  await owner.call('leave');
});

test('[TB2] when the owner leaves, the other tab takes over and loses no call', async () => {
  const [owner, other] = await tabs('handing-over');
  const left = owner.call('leave');
  const asked = other.call('setDeviceValue', 'a', 2);
  await left;
  expect(await asked).toMatchObject({ value: undefined });
  expect(await other.call('deviceValue', 'a')).toMatchObject({ value: 2 });
  await other.call('leave');
});
