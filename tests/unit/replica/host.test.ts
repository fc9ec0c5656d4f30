/** Two tabs of one browser: one worker's host owns the replica, the other passes its page's calls on. */
import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Host } from '../../../src/replica/host.ts';
import { openJournalDatabase } from '../../../src/replica/journal/database.ts';
import { channelName, type Reply } from '../../../src/replica/rpc.ts';
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

test('[TB3] what a tab opens its seat with goes to its own worker alone; it owns with that when the owner is gone', async () => {
  const name = 'sealed-tabs';
  const journal = await openJournalDatabase(name);
  await journal.device.put({ key: 'identity', value: { tag: worker.device, secret: '' } });
  await journal.device.put({ key: 'known', value: { actor: { ...worker }, communityGrids: [] } as never });
  journal.close();
  const heard: unknown[] = [];
  const ear = new BroadcastChannel(channelName(name));
  ear.onmessage = ({ data }: MessageEvent) => heard.push(data);
  const dataKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const [owner, other] = [new Tab(), new Tab()] as const;
  const seating = { replica: name, seat: worker.device, server: 'http://127.0.0.1:9', enrolled: { tag: worker.device, dataKey } };
  for (const tab of [owner, other]) expect(await tab.call('open', seating)).toMatchObject({ value: { ok: true } });
  expect(await owner.call('saveDraft', { id: 'a', form: 'visit', title: '老王', value: 1, changedAt: 1 })).toMatchObject({ value: undefined });
  await owner.call('leave');
  expect(await other.call('drafts')).toMatchObject({ value: [{ title: '老王' }] });
  await vi.waitFor(() => expect(heard.some((each) => JSON.stringify(each).includes('"name":"open"'))).toBe(true));
  const keys = (value: unknown): number => (value instanceof CryptoKey ? 1 : typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, each) => sum + keys(each), 0) : 0);
  expect(keys(seating)).toBe(1);
  expect(keys(heard)).toBe(0);
  await other.call('leave');
  ear.close();
});
